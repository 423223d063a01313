import { X509Certificate } from 'node:crypto';

/**
 * When a gateway's `publicCertData` ends, ms since 1970: base64 of a PKCS #7 with the certificates in it, or of one
 * certificate alone (DER). With several the earliest end counts, as a chain holds no longer than its weakest part.
 * Undefined: it is neither.
 */
export function publicCertificateEnd(base64: string): number | undefined {
  const data = Buffer.from(base64, 'base64');
  try {
    const ends = certificatesIn(data).map((der) => Date.parse(new X509Certificate(der).validTo));
    const known = ends.filter((end) => !Number.isNaN(end));
    return known.length === 0 ? undefined : Math.min(...known);
  } catch {
    return undefined;
  }
}

interface Element {
  readonly tag: number;
  readonly whole: Buffer;
  readonly content: Buffer;
}

const objectId = 0x06;
const sequence = 0x30;
/** Context-specific, constructed, number 0: the content of a ContentInfo, the certificates of a SignedData (RFC 2315, 7 and 9.1). */
const tagged = 0xa0;

function certificatesIn(data: Buffer): Buffer[] {
  const [outer] = elements(data);
  const parts = outer ? elements(outer.content) : [];
  if (parts[0]?.tag !== objectId) return [data];
  const [signed] = elements(parts.find(({ tag }) => tag === tagged)?.content ?? Buffer.alloc(0));
  const certificates = elements(signed?.content ?? Buffer.alloc(0)).find(({ tag }) => tag === tagged);
  return elements(certificates?.content ?? Buffer.alloc(0))
    .filter(({ tag }) => tag === sequence)
    .map(({ whole }) => whole);
}

/** The elements of DER, side by side. Throws RangeError when a length leads beyond the end. */
function elements(data: Buffer): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < data.length; ) {
    const tag = data.readUInt8(at);
    const first = data.readUInt8(at + 1);
    const bytes = first < 0x80 ? 0 : first & 0x7f;
    const length = bytes === 0 ? first : data.readUIntBE(at + 2, bytes);
    const begins = at + 2 + bytes;
    const ends = begins + length;
    if (ends > data.length) throw new RangeError('the DER ends too early');
    found.push({ tag, whole: data.subarray(at, ends), content: data.subarray(begins, ends) });
    at = ends;
  }
  return found;
}
