// Loads the canvas from its own address, so that its code is not sent again with every change of the model.

export default function (component) {
  const { data, parentElement } = component;
  const shown = import(new URL(`canvas/${data.version}/main.js`, document.baseURI)).then(({ show }) => show(component));
  shown.catch((error) => {
    console.error(error);
    parentElement.textContent = "The canvas did not load. Reload the page.";
  });
  return () => shown.then((leave) => leave()).catch(() => {});
}
