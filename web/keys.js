// Keys at the desk. Loaded on pages with `body.desk`.
//
//   J K      down and up through the rows of every `.work` table (the row is `tr.at`)
//   O        opens the row: its `a[data-open]`, else its first link
//   Enter    does the row's next step: the button or link in `td.k`
//   /        goes to the search field
//   ?        shows dialog#keys, which the page writes in the reader's language
// Any element with `data-key="F2"` (or a letter, or a digit) is pressed by that key; inside the current row first.
// Nothing happens while somebody types, while a dialog is open, or with Ctrl, Alt or Meta held.
"use strict";
(() => {
  const rows = () => [...document.querySelectorAll(".work tbody tr")].filter((row) => row.offsetParent !== null);
  const current = () => document.querySelector(".work tr.at");

  function choose(row) {
    const before = current();
    before?.classList.remove("at");
    before?.removeAttribute("aria-current");
    row.classList.add("at");
    row.setAttribute("aria-current", "true");
    // The row takes the focus, so that a screen reader reads it and Tab goes on from here.
    row.tabIndex = -1;
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  function move(step) {
    const all = rows();
    if (all.length === 0) return;
    const at = all.indexOf(current());
    // Nothing chosen yet: down begins at the first row, up at the last.
    const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1);
    choose(all[next]);
  }

  /** Presses it unless it is not allowed now; says so to the caller. */
  function press(element) {
    if (!element || element.getAttribute("aria-disabled") === "true") return false;
    element.click();
    return true;
  }

  const open = () => press(current()?.querySelector("a[data-open]") ?? current()?.querySelector("a[href]"));

  function next_step() {
    // Enter on a link or a button presses that one; the browser does it.
    const focused = document.activeElement;
    if (focused && focused !== document.body && !focused.matches("tr")) return false;
    return press(current()?.querySelector("td.k :is(button, a)"));
  }

  function seek() {
    const field = document.querySelector("input[type=search]");
    field?.focus();
    field?.select();
    return Boolean(field);
  }

  function help() {
    const dialog = document.querySelector("dialog#keys");
    dialog?.showModal();
    return Boolean(dialog);
  }

  function named(key) {
    const wanted = (element) => element.dataset.key.toLowerCase() === key;
    const inside = [...(current()?.querySelectorAll("[data-key]") ?? [])].find(wanted);
    // A key of a row means the current row only, never another one's.
    const outside = [...document.querySelectorAll("[data-key]")].find((e) => wanted(e) && !e.closest(".work tr"));
    return press(inside ?? outside);
  }

  function is_typing(target) {
    return target instanceof Element && (target.matches("textarea, select, [contenteditable]")
      || (target.matches("input") && !["radio", "checkbox", "button", "submit"].includes(target.type)));
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (document.querySelector("dialog[open]")) return;
    const function_key = /^F\d+$/.test(event.key);
    if (is_typing(event.target) && !function_key) return;
    const key = event.key.toLowerCase();
    const plain = {
      j: () => (move(1), true),
      k: () => (move(-1), true),
      o: open,
      enter: next_step,
      "/": seek,
      "?": help,
    };
    const done = plain[key] ? plain[key]() : named(key);
    if (done) event.preventDefault();
  });
})();
