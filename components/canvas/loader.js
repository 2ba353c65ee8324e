// Loads the canvas from its own address, so that its code is not sent again with every change of the model.

export default function (component) {
  const { data, parentElement } = component;
  const module = import(new URL(`canvas/${data.version}/main.js`, document.baseURI));
  module.then(({ show }) => show(component)).catch((error) => {
    console.error(error);
    parentElement.textContent = "The canvas did not load. Reload the page.";
  });
  return () => module.then(({ leave }) => leave(parentElement)).catch(() => {});
}
