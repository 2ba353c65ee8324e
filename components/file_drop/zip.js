// Packs files into one ZIP file without squeezing them: pictures are squeezed already, and the browser copies nothing.

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ CRC_TABLE[(crc ^ byte) & 0xff];
  return ~crc >>> 0;
}

/** The fields that a file's own header and its line in the directory share (APPNOTE.TXT 4.3.7 and 4.3.12). */
function zipFields(view, at, { crc, size, name }) {
  view.setUint16(at, 20, true); // version 2.0
  view.setUint16(at + 2, 0x0800, true); // names are UTF-8
  view.setUint16(at + 8, 0x21, true); // 1980-01-01, the first day that ZIP knows
  view.setUint32(at + 10, crc, true);
  view.setUint32(at + 14, size, true);
  view.setUint32(at + 18, size, true);
  view.setUint16(at + 22, name.length, true);
}

function zipRecord(length, signature) {
  const view = new DataView(new ArrayBuffer(length));
  view.setUint32(0, signature, true);
  return view;
}

/** `entries`: `{path, file}` each; a promise of a Blob. */
async function zipped(entries) {
  const [parts, directory] = [[], []];
  let offset = 0;
  for (const { path, file } of entries) {
    const name = new TextEncoder().encode(path);
    const entry = { crc: crc32(new Uint8Array(await file.arrayBuffer())), size: file.size, name };
    const local = zipRecord(30, 0x04034b50);
    zipFields(local, 4, entry);
    const line = zipRecord(46, 0x02014b50);
    line.setUint16(4, 20, true);
    zipFields(line, 6, entry);
    line.setUint32(42, offset, true);
    parts.push(local.buffer, name, file);
    directory.push(line.buffer, name);
    offset += 30 + name.length + file.size;
  }
  const end = zipRecord(22, 0x06054b50);
  end.setUint16(8, entries.length, true);
  end.setUint16(10, entries.length, true);
  end.setUint32(12, new Blob(directory).size, true);
  end.setUint32(16, offset, true);
  return new Blob([...parts, ...directory, end.buffer]);
}
