// The signature pad: a canvas over `.pad`, written on with finger, mouse or pen.
//
// The page gives, inside one form:
//   .pad                                 where one writes; its <span> says how
//   input[type=hidden][data-strokes]     gets the strokes as JSON: {"width","height","strokes":[[[x,y,ms,pressure],…],…]};
//                                        what stands in it already is drawn again
//   input[type=hidden][data-image]       gets the picture as a PNG data URL (ink on a transparent ground, cut to the ink)
//   button[data-clear]                   重写
//   button[type=submit][data-sign]       aria-disabled until something is written or a scan is chosen
//   input[type=file][data-scan]          optional, the other way: a scan of the paper signed by hand
// Lengths are CSS pixels of the pad, times are milliseconds since the first point. Without this script the paper way
// beside the pad remains. Nothing here needs a secure context.
"use strict";
(() => {
  // Shorter than this all together is a slip of the finger, not a name (CSS pixels).
  const LEAST = 40;
  const PEN = 3;
  // The stored picture has this many pixels per CSS pixel, whatever the screen is.
  const PICTURE_SCALE = 3;

  const round = (number) => Math.round(number * 10) / 10;

  function length(strokes) {
    let sum = 0;
    for (const stroke of strokes) {
      for (let i = 1; i < stroke.length; i++) sum += Math.hypot(stroke[i][0] - stroke[i - 1][0], stroke[i][1] - stroke[i - 1][1]);
    }
    return sum;
  }

  /** Draws one stroke: curves through the middles of the points, thicker where a pen pressed. */
  function draw(context, stroke, colour) {
    context.strokeStyle = colour;
    context.lineCap = context.lineJoin = "round";
    const [first] = stroke;
    let from = first;
    // A dot of a name is a stroke of one point: the round cap of a line without length.
    if (stroke.length === 1) stroke = [first, first];
    for (let i = 1; i < stroke.length; i++) {
      const [before, point] = [stroke[i - 1], stroke[i]];
      const last = i === stroke.length - 1;
      const to = last ? point : [(before[0] + point[0]) / 2, (before[1] + point[1]) / 2];
      context.lineWidth = PEN * (0.5 + point[3]);
      context.beginPath();
      context.moveTo(from[0], from[1]);
      context.quadraticCurveTo(before[0], before[1], to[0], to[1]);
      context.stroke();
      from = to;
    }
  }

  /** The ink alone, as a PNG data URL. */
  function picture(strokes, colour) {
    const points = strokes.flat();
    const edge = 2 * PEN;
    const [xs, ys] = [points.map((p) => p[0]), points.map((p) => p[1])];
    const [left, top] = [Math.min(...xs) - edge, Math.min(...ys) - edge];
    const canvas = document.createElement("canvas");
    canvas.width = Math.ceil((Math.max(...xs) - left + edge) * PICTURE_SCALE);
    canvas.height = Math.ceil((Math.max(...ys) - top + edge) * PICTURE_SCALE);
    const context = canvas.getContext("2d");
    context.scale(PICTURE_SCALE, PICTURE_SCALE);
    context.translate(-left, -top);
    for (const stroke of strokes) draw(context, stroke, colour);
    return canvas.toDataURL("image/png");
  }

  class Pad {
    constructor(pad) {
      this.pad = pad;
      this.form = pad.closest("form");
      this.canvas = document.createElement("canvas");
      this.canvas.setAttribute("aria-hidden", "true");
      pad.append(this.canvas);
      this.strokes = [];
      this.size = null;
      this.colour = getComputedStyle(pad).color;
      this.restore();
      this.listen();
      new ResizeObserver(() => this.resize()).observe(pad);
      this.changed();
    }

    find = (selector) => this.form?.querySelector(selector) ?? null;

    /** What was drawn before the page came back with something to mend is there again. */
    restore() {
      try {
        const { width, height, strokes } = JSON.parse(this.find("[data-strokes]")?.value || "null") ?? {};
        if (!(width > 0 && height > 0)) return;
        [this.size, this.strokes] = [{ width, height }, strokes];
        // The clock goes on from the last point.
        this.started = performance.now() - strokes.at(-1).at(-1)[2];
      } catch { /* What cannot be read is not drawn. */ }
    }

    listen() {
      const canvas = this.canvas;
      canvas.addEventListener("pointerdown", (event) => this.begin(event));
      canvas.addEventListener("pointermove", (event) => this.extend(event));
      for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, (event) => this.end(event));
      this.pad.addEventListener("keydown", (event) => {
        if (event.key === "Delete" || event.key === "Backspace") this.clear();
      });
      this.find("[data-clear]")?.addEventListener("click", () => this.clear());
      this.find("[data-scan]")?.addEventListener("change", () => this.changed());
      // Before any other listener: a form that is not signed goes nowhere.
      this.form?.addEventListener("submit", (event) => {
        if (!this.ready()) {
          event.preventDefault();
          event.stopImmediatePropagation();
          this.pad.focus();
        }
      }, true);
    }

    begin(event) {
      // One finger or pen at a time, and only the main button of a mouse.
      if (this.pointer !== undefined || event.button !== 0) return;
      event.preventDefault();
      this.pointer = event.pointerId;
      this.canvas.setPointerCapture(event.pointerId);
      if (this.strokes.length === 0) {
        this.started = event.timeStamp;
        this.size = this.measure();
      }
      this.strokes.push([this.point(event)]);
      this.paint();
    }

    extend(event) {
      if (event.pointerId !== this.pointer) return;
      const stroke = this.strokes.at(-1);
      const all = event.getCoalescedEvents?.() ?? [];
      for (const one of all.length > 0 ? all : [event]) {
        const point = this.point(one);
        const last = stroke.at(-1);
        if (Math.hypot(point[0] - last[0], point[1] - last[1]) >= 1) stroke.push(point);
      }
      this.paint();
    }

    end(event) {
      if (event.pointerId !== this.pointer) return;
      this.pointer = undefined;
      this.changed();
    }

    measure = () => ({ width: this.pad.clientWidth, height: this.pad.clientHeight });

    /** How much the pad has grown since the first stroke: turning a phone keeps what was written. */
    scale() {
      const now = this.measure();
      return this.size ? Math.min(now.width / this.size.width, now.height / this.size.height) : 1;
    }

    point(event) {
      const box = this.canvas.getBoundingClientRect();
      const scale = this.scale();
      const pressure = event.pointerType === "pen" ? event.pressure : 0.5;
      const time = Math.max(0, Math.round(event.timeStamp - this.started));
      return [round((event.clientX - box.left) / scale), round((event.clientY - box.top) / scale), time, round(pressure)];
    }

    resize() {
      const now = this.measure();
      const density = window.devicePixelRatio || 1;
      this.canvas.width = Math.round(now.width * density);
      this.canvas.height = Math.round(now.height * density);
      this.paint();
    }

    paint() {
      const context = this.canvas.getContext("2d");
      const scale = this.scale() * (window.devicePixelRatio || 1);
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, this.canvas.width, this.canvas.height);
      context.setTransform(scale, 0, 0, scale, 0, 0);
      for (const stroke of this.strokes) draw(context, stroke, this.colour);
    }

    clear() {
      this.strokes = [];
      this.size = null;
      this.paint();
      this.changed();
      this.pad.focus();
    }

    written = () => length(this.strokes) >= LEAST;
    ready = () => this.written() || (this.find("[data-scan]")?.files.length ?? 0) > 0;

    /** Writes the hidden fields and lets the button go, or not. */
    changed() {
      const written = this.written();
      const put = (selector, value) => {
        const field = this.find(selector);
        if (field) field.value = value;
      };
      put("[data-strokes]", written ? JSON.stringify({ ...this.size, strokes: this.strokes }) : "");
      put("[data-image]", written ? picture(this.strokes, this.colour) : "");
      this.pad.classList.toggle("written", this.strokes.length > 0);
      this.find("[data-sign]")?.setAttribute("aria-disabled", String(!this.ready()));
    }
  }

  function start() {
    for (const pad of document.querySelectorAll(".pad:not(:has(canvas))")) new Pad(pad);
  }
  document.addEventListener("DOMContentLoaded", start);
  document.addEventListener("htmx:after:swap", start);
})();
