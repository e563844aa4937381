// While a file is on its way the list of files looks again every two seconds, and stops when nothing is.
(function () {
  "use strict";

  const EVERY_MS = 2000;

  async function look() {
    const box = document.getElementById("exports");
    if (!box || !box.hasAttribute("data-busy")) {
      return;
    }
    if (!document.hidden && !box.contains(document.activeElement)) {
      try {
        const answer = await fetch(location.href, { redirect: "error" });
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("exports");
        if (answer.ok && fresh) {
          box.toggleAttribute("data-busy", fresh.hasAttribute("data-busy"));
          box.innerHTML = fresh.innerHTML;
        }
      } catch (_lost) {
        // The next time may find the way.
      }
    }
    setTimeout(look, EVERY_MS);
  }

  setTimeout(look, EVERY_MS);
})();
