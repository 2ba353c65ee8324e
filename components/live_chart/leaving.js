// Knows when somebody is on the way to another page: a word that is sent then calls the page before back.

const ON_THE_WAY = 5000; // milliseconds, after which the other page has come or never will

if (window.eagerlyLeft === undefined) {
  window.eagerlyLeft = -Infinity;
  const clicked = ({ target }) => {
    const link = target.closest?.("a[href]");
    const goes = link && link.origin === location.origin && link.pathname !== location.pathname;
    if (goes) window.eagerlyLeft = performance.now();
  };
  document.addEventListener("click", clicked, true);
}

/** For how many milliseconds nothing should be said; 0 if nobody is leaving. */
function leaving() {
  return Math.max(0, window.eagerlyLeft + ON_THE_WAY - performance.now());
}
