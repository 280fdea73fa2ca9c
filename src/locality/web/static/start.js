// Wakes the design system's parts, and keeps the suggestions usable by keyboard.
const frontend = document.querySelector("script[data-frontend]").dataset.frontend;
import(frontend).then((parts) => parts.initAll());

const box = document.getElementById("q");
const list = document.getElementById("suggestions");
if (box && list) {
  const links = () => [...list.querySelectorAll("a")];
  document.addEventListener("keydown", (event) => {
    const found = links();
    const at = found.indexOf(document.activeElement);
    if (document.activeElement !== box && at < 0) return;
    if (event.key === "Escape") {
      list.replaceChildren();
      box.focus();
    } else if (event.key === "ArrowDown" && found.length) {
      event.preventDefault();
      found[Math.min(at + 1, found.length - 1)].focus();
    } else if (event.key === "ArrowUp" && at >= 0) {
      event.preventDefault();
      (at === 0 ? box : found[at - 1]).focus();
    }
  });
}

// Paper cannot be unfolded: what is folded away is printed too.
const folded = [];
window.addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll("details:not([open])")) {
    part.open = true;
    folded.push(part);
  }
});
window.addEventListener("afterprint", () => {
  while (folded.length) folded.pop().open = false;
});
