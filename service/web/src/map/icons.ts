// The signs on the map's buttons, drawn: a font may lack such letters.

const SVG = "http://www.w3.org/2000/svg";

/** Strokes in a square of 24. */
const SIGNS = {
  closer: "M12 5v14M5 12h14",
  farther: "M5 12h14",
  here: "M12 2v4M12 18v4M2 12h4M18 12h4M12 7a5 5 0 1 0 0 10a5 5 0 1 0 0-10",
  share: "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7L12 7M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7L12 17",
  key: "M8 11.5a4 4 0 1 0 0 8a4 4 0 1 0 0-8M11 12.5l9-9M16 7.5l3 3",
};

export type Sign = keyof typeof SIGNS;

export function icon(sign: Sign): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SIGNS[sign]);
  svg.append(path);
  return svg;
}
