import type { Colors } from "../../shared/theme";

/** The palette as plain "#rrggbb" on its background: programs that read SVG know no newer colours. */
export function plainColors(colors: Colors): Colors {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) return colors;
  const plain = (color: string) => {
    for (const layer of ["#fff", colors.bg, color]) {
      pen.fillStyle = layer;
      pen.fillRect(0, 0, 1, 1);
    }
    const bytes = [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
    return `#${bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
  };
  return Object.fromEntries(Object.entries(colors).map(([name, color]) => [name, plain(color)])) as Colors;
}
