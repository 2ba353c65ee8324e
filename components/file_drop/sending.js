// One file on its way to the server: how far it is, and how it ends.

const LOST = "The connection was cut off while the file was sent. Nothing of it was kept; send it again.";

/** `heard`: `progress(share)`, `arrived(reference)`, `refused(sentence)`. Returns how to stop it. */
function send(file, parts, project, heard) {
  const request = new XMLHttpRequest(); // fetch does not say how much of a body has gone
  request.open("POST", new URL(`upload/${encodeURIComponent(project)}`, document.baseURI));
  request.responseType = "json";
  request.upload.addEventListener("progress", (event) => heard.progress(event.loaded / Math.max(1, event.total)));
  request.addEventListener("error", async () => heard.refused((await changed(parts)) || LOST));
  request.addEventListener("load", async () => {
    const { status, response } = request;
    const mixed = status === 200 && parts.length === 1 ? await changed(parts) : ""; // a ZIP file has checksums
    if (status === 200 && response && !mixed) heard.arrived(response.reference);
    else heard.refused(mixed || (response?.message ?? LOST));
  });
  request.send(file);
  return () => request.abort();
}

/** A browser refuses to read a file that is no longer what was chosen, and calls that an error of the network. */
async function changed(parts) {
  for (const part of parts) {
    try {
      await part.slice(0, 1).arrayBuffer();
    } catch {
      return `“${part.name}” was changed or removed while it was sent, so it was not taken. Choose it again.`;
    }
  }
  return "";
}
