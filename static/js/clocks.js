// How clocks stand, asked for again each minute while the page is looked at: what is left of them is working time, which
// only the server can count. Each `data-clock` takes the place of the one of the same name; nothing else is touched.
(function () {
  "use strict";

  const EVERY_MS = 60000;
  const source = document.querySelector("[data-clocks]");
  if (!source && !document.querySelector("[data-clock]")) {
    return;
  }
  let timer = 0;

  function later() {
    clearTimeout(timer);
    if (!document.hidden) {
      timer = setTimeout(ask, EVERY_MS);
    }
  }

  function renew(page) {
    document.querySelectorAll("[data-clock]").forEach(function (old) {
      const fresh = page.querySelector('[data-clock="' + old.dataset.clock + '"]');
      // What somebody stands on stays where it is until the next time.
      if (fresh && fresh.innerHTML !== old.innerHTML && !old.contains(document.activeElement)) {
        old.replaceChildren(...document.adoptNode(fresh).childNodes);
      }
    });
  }

  async function ask() {
    try {
      const answer = await fetch(source ? source.dataset.clocks : window.location.href, { redirect: "error" });
      if (answer.status === 403 || answer.status === 404) {
        return;
      }
      if (answer.ok) {
        renew(new DOMParser().parseFromString(await answer.text(), "text/html"));
      }
    } catch (_lost) {
      // The next time may find the way.
    }
    later();
  }

  document.addEventListener("visibilitychange", function () {
    if (document.hidden) {
      clearTimeout(timer);
    } else {
      ask();
    }
  });

  later();
})();
