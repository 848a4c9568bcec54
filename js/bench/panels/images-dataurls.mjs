// The plainest way: an <img> with a data URL for every picture.
import { drawn, until } from "./shared.mjs";

export async function start(root, count) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 28;
  const pen = canvas.getContext("2d");
  const urls = Array.from({ length: count }, (_, i) => {
    pen.fillStyle = "#000";
    pen.fillRect(0, 0, 28, 28);
    pen.strokeStyle = `rgb(255 255 255 / ${50 + (i % 50)}%)`;
    pen.strokeText(String(i % 10), 8 + (i % 7), 14 + (i % 9));
    pen.strokeRect(4 + (i % 5), 5 + (i % 3), 12 + (i % 6), 14 + (i % 4));
    return canvas.toDataURL("image/png");
  });
  const begin = performance.now();
  const box = document.createElement("div");
  box.style.cssText = "height:420px;overflow:auto;display:flex;flex-wrap:wrap";
  for (const url of urls) {
    const image = document.createElement("img");
    image.src = url;
    image.width = image.height = 84;
    image.alt = "";
    box.append(image);
  }
  root.append(box);
  await until(() => box.firstChild.complete);
  await drawn();
  return { first: performance.now() - begin, bytes: urls.join().length, box, grid: null };
}
