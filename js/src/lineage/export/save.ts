// From the picture to a file in the reader's downloads.

/** Offer text as a file. */
export function saveText(text: string, name: string, type: string, near: Element): void {
  saveBlob(new Blob([text], { type }), name, near);
}

/** Offer a blob as a file. */
export function saveBlob(blob: Blob, name: string, near: Element): void {
  const url = URL.createObjectURL(blob);
  const link = near.ownerDocument.createElement("a");
  link.href = url;
  link.download = name;
  near.append(link);
  link.click();
  link.remove();
  // The download has to have begun before the address goes.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** How large a PNG is drawn: twice the picture, as far as its pixels stay within bounds. */
export function pngSize(width: number, height: number): { width: number; height: number; scale: number } {
  const area = Math.sqrt(MAX_PIXELS / (width * height));
  const side = MAX_SIDE / Math.max(width, height);
  const scale = Math.min(2, area, side);
  return {
    width: Math.max(1, Math.floor(width * scale)),
    height: Math.max(1, Math.floor(height * scale)),
    scale,
  };
}

/** Draw an SVG document of our own as PNG. */
export async function pngOf(svg: string, width: number, height: number, document: Document): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    const size = pngSize(width, height);
    canvas.width = size.width;
    canvas.height = size.height;
    canvas.getContext("2d")?.drawImage(image, 0, 0, size.width, size.height);
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
    if (!blob) throw new Error("The browser could not write the picture; SVG works at any size.");
    return blob;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** Most pixels in all and on a side that every browser draws. */
const MAX_PIXELS = 16e6;
const MAX_SIDE = 8192;
