// Small helps on every page. Each works by an attribute that the page writes; without this script the page still works.
//
//   [data-confirm="…?"]         on a form or its button: asks first, in a dialog (data-yes, data-no: the buttons' words)
//   form[data-draft="URL"]      keeps what was typed: PUT of the fields one second after the last key;
//                               [data-draft-state] in the form says so (data-kept="%t 已自动保存", data-failed="…")
//   form[data-guard]            asks before leaving with unsaved changes; so does a draft that could not be kept
//   input[data-upper]           a credit code: upper case, no blanks
//   input[type=file]            its files' names and sizes are listed below it
//   form[method=post]           is sent once, however often one clicks
//   [data-dialog="ID"]          opens that <dialog>; [data-close] closes the one it is in
//   select[data-go]             sends its form when it changes;  [data-print] prints
// Everything listens on the document, so parts that htmx brings later work as well.
"use strict";
(() => {
  const chinese = document.documentElement.lang.startsWith("zh");
  const say = (zh, en) => (chinese ? zh : en);
  const on = (name, listener, capture = false) => document.addEventListener(name, listener, capture);
  const element = (name, text, attributes = {}) => {
    const made = Object.assign(document.createElement(name), attributes);
    made.textContent = text;
    return made;
  };

  // ---- send once (looked at first: what is on its way is not asked about again)

  const sent = new WeakSet();

  on("submit", (event) => {
    const form = event.target;
    // The signature pad answers for its own button: it shows where to write.
    const forbidden = event.submitter?.matches("[aria-disabled=true]:not([data-sign])");
    if (forbidden || sent.has(form)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, true);

  // ---- ask first

  const agreed = new WeakSet();

  function ask(form, button) {
    const source = button?.dataset.confirm ? button : form;
    const dialog = document.createElement("dialog");
    const yes = element("button", source.dataset.yes ?? say("确定", "Yes"), { type: "button", className: "go" });
    const no = element("button", source.dataset.no ?? say("先不做", "Not now"), { type: "button" });
    const end = document.createElement("p");
    end.className = "end";
    end.append(no, yes);
    dialog.append(element("p", source.dataset.confirm), end);
    no.addEventListener("click", () => dialog.close());
    yes.addEventListener("click", () => {
      dialog.close();
      agreed.add(form);
      form.requestSubmit(button ?? undefined);
    });
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  }

  on("submit", (event) => {
    const form = event.target;
    const wanted = event.submitter?.dataset.confirm || form.dataset.confirm;
    if (!wanted || agreed.delete(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(form, event.submitter);
  }, true);

  // Last of all: whoever stopped the event has done so by now, and htmx has taken the form over.
  window.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    sent.add(form);
    form.setAttribute("aria-busy", "true");
    leaving.delete(form);
    // A download leaves the page where it is; nobody should have to wait for ever.
    setTimeout(() => release(form), 10_000);
  });

  function release(form) {
    sent.delete(form);
    form.removeAttribute("aria-busy");
  }
  window.addEventListener("pageshow", () => document.querySelectorAll("form[aria-busy]").forEach(release));

  // ---- keep what was typed

  /** Forms with changes that nobody has kept yet. */
  const leaving = new Set();
  const failed = new WeakSet();
  const waiting = new WeakMap();

  /** The fields of a draft: text only, and never a password or a signature. */
  function fields(form) {
    const kept = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      const field = form.elements.namedItem(name);
      const secret = field instanceof HTMLInputElement && (field.type === "password" || field.matches("[data-strokes], [data-image]"));
      if (typeof value === "string" && !secret) kept.append(name, value);
    }
    return kept;
  }

  async function keep(form, keepalive = false) {
    clearTimeout(waiting.get(form));
    const state = form.querySelector("[data-draft-state]");
    try {
      const answer = await fetch(form.dataset.draft, { method: "PUT", body: fields(form), keepalive });
      if (!answer.ok) throw new Error(String(answer.status));
      leaving.delete(form);
      failed.delete(form);
      const time = new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
      if (state) state.textContent = (state.dataset.kept ?? say("%t 已自动保存", "Kept at %t")).replace("%t", time);
    } catch {
      failed.add(form);
      if (state) state.textContent = state.dataset.failed ?? say("没有保存上，先别离开，会再试。", "Not kept yet; please stay.");
      waiting.set(form, setTimeout(() => keep(form), 5_000));
    }
  }

  on("input", (event) => {
    const form = event.target.form;
    if (!form) return;
    if (form.matches("[data-guard], [data-draft]")) leaving.add(form);
    if (!form.dataset.draft) return;
    clearTimeout(waiting.get(form));
    waiting.set(form, setTimeout(() => keep(form), 1_000));
  });

  window.addEventListener("pagehide", () => {
    for (const form of leaving) if (form.dataset.draft) keep(form, true);
  });
  window.addEventListener("beforeunload", (event) => {
    const lost = (form) => form.isConnected && (form.dataset.draft === undefined || failed.has(form));
    if ([...leaving].some(lost)) event.preventDefault();
  });
  on("htmx:after:request", (event) => leaving.delete(event.target));

  // ---- fields

  function upper(event) {
    const field = event.target;
    if (!field.matches?.("input[data-upper]") || event.isComposing) return;
    const mended = field.value.toUpperCase().replace(/\s/g, "");
    if (mended === field.value) return;
    const before = field.value.slice(0, field.selectionStart).replace(/\s/g, "").length;
    field.value = mended;
    field.setSelectionRange(before, before);
  }
  on("input", upper);
  on("compositionend", upper);

  const size = (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} KB` : `${(bytes / 1e6).toFixed(1)} MB`);

  on("change", (event) => {
    const field = event.target;
    if (field.matches("select[data-go]")) field.form?.requestSubmit();
    if (!field.matches("input[type=file]")) return;
    if (field.nextElementSibling?.matches("ul.names")) field.nextElementSibling.remove();
    if (field.files.length === 0) return;
    const names = element("ul", "", { className: "names" });
    for (const file of field.files) {
      const line = document.createElement("li");
      line.append(element("span", file.name), element("span", size(file.size)));
      names.append(line);
    }
    field.after(names);
  });

  on("click", (event) => {
    const at = event.target.closest?.("[data-dialog], [data-close], [data-print]");
    if (!at) return;
    const dialog = at.dataset.dialog ? document.getElementById(at.dataset.dialog) : null;
    if (dialog) dialog.showModal();
    if (at.dataset.close !== undefined) at.closest("dialog")?.close();
    if (at.dataset.print !== undefined) window.print();
    if (dialog || !at.matches("a[href]")) event.preventDefault();
  });
})();
