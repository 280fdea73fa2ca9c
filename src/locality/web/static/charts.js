// Draws each picture from its own address. If that fails, the still drawing stands in its place.
(() => {
  const still = (place) => {
    const image = document.createElement("img");
    image.src = place.dataset.still;
    image.alt = place.getAttribute("aria-label") || "";
    image.className = "lc-still";
    place.removeAttribute("role");
    place.removeAttribute("aria-label");
    place.replaceChildren(image);
  };
  const draw = async (place) => {
    try {
      const answer = await fetch(place.dataset.drawing, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(answer.status);
      const spec = await answer.json();
      const own = (spec.usermeta && spec.usermeta.embedOptions) || {};
      // The place's own label speaks for the drawing; its single marks would only be noise.
      const paper = document.createElement("div");
      paper.setAttribute("aria-hidden", "true");
      paper.className = "lc-paper";
      place.replaceChildren(paper);
      // "ast" reads expressions without eval, which the page's policy does not allow.
      await vegaEmbed(paper, spec, { renderer: "svg", ...own, ast: true, actions: false });
      place.dataset.drawn = "yes";
    } catch (error) {
      still(place);
      place.dataset.drawn = "still";
    }
  };
  const places = [...document.querySelectorAll("[data-drawing]")];
  if (!("IntersectionObserver" in window)) {
    places.forEach(draw);
    return;
  }
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting) {
        seen.unobserve(entry.target);
        draw(entry.target);
      }
    }
  }, { rootMargin: "600px" });
  places.forEach((place) => seen.observe(place));
  window.addEventListener("beforeprint", () => places.forEach((place) => {
    if (!place.dataset.drawn) still(place);
  }));
})();
