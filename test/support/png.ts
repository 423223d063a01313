import { inflateSync } from 'node:zlib';

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** How many pixels have just this colour, `#rrggbb`, within columns. */
  count(colour: string, fromX?: number, toX?: number): number;
}

/** Reads an 8-bit RGBA PNG that is not interlaced (PNG specification, third edition, 9 and 10). */
export function readPng(png: Uint8Array): Pixels {
  const file = Buffer.from(png);
  if (file.toString('latin1', 1, 4) !== 'PNG') throw new Error('no PNG');
  let width = 0;
  let height = 0;
  const data: Buffer[] = [];
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at);
    const body = file.subarray(at + 8, at + 8 + length);
    const type = file.toString('latin1', at + 4, at + 8);
    if (type === 'IHDR') {
      width = body.readUInt32BE(0);
      height = body.readUInt32BE(4);
      if (body[8] !== 8 || body[9] !== 6 || body[12] !== 0) throw new Error('another kind of PNG');
    }
    if (type === 'IDAT') data.push(body);
    at += length + 12;
  }
  const pixels = unfiltered(inflateSync(Buffer.concat(data)), width * 4, height);
  return {
    width,
    height,
    count(colour, fromX = 0, toX = width) {
      const wanted = Number.parseInt(colour.slice(1), 16);
      let found = 0;
      for (let y = 0; y < height; y++) {
        for (let x = fromX; x < toX; x++) if (pixels.readUInt32BE((y * width + x) * 4) >>> 8 === wanted) found += 1;
      }
      return found;
    },
  };
}

function unfiltered(raw: Buffer, stride: number, height: number): Buffer {
  const out = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)] as number;
    for (let x = 0; x < stride; x++) {
      const left = x < 4 ? 0 : (out[y * stride + x - 4] as number);
      const up = y === 0 ? 0 : (out[(y - 1) * stride + x] as number);
      const corner = x < 4 || y === 0 ? 0 : (out[(y - 1) * stride + x - 4] as number);
      out[y * stride + x] = (raw[y * (stride + 1) + 1 + x] as number) + guess(filter, left, up, corner);
    }
  }
  return out;
}

function guess(filter: number, left: number, up: number, corner: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const byLeft = Math.abs(up - corner);
  const byUp = Math.abs(left - corner);
  const byCorner = Math.abs(left + up - 2 * corner);
  if (byLeft <= byUp && byLeft <= byCorner) return left;
  return byUp <= byCorner ? up : corner;
}
