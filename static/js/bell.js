// The bell: asked for anew every minute while the page is looked at, and said aloud where there is more than before. On a
// ticket's page what it tells about that ticket is read as soon as it is shown.
(function () {
  "use strict";

  const EVERY_MS = 60000;
  const place = document.querySelector(".bell");
  if (!place) {
    return;
  }
  const box = place.parentElement;
  const said = document.createElement("span");
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  box.append(said);
  let timer = 0;
  let asked = Date.now();

  function bell() {
    return box.querySelector(".bell");
  }

  function show(html) {
    const before = Number(bell().dataset.unread);
    const had = document.activeElement === bell();
    const fresh = new DOMParser().parseFromString(html, "text/html").querySelector(".bell");
    if (!fresh) {
      return;
    }
    bell().replaceWith(fresh);
    if (had) {
      fresh.focus();
    }
    if (Number(fresh.dataset.unread) > before) {
      said.textContent = fresh.querySelector(".visually-hidden").textContent;
    }
  }

  async function fetched(address, options) {
    try {
      const answer = await fetch(address, { redirect: "error", headers: { "X-Piece": "1" }, ...options });
      if (answer.ok) {
        show(await answer.text());
      }
    } catch (_lost) {
      // The next time may find the way.
    }
  }

  function later() {
    clearTimeout(timer);
    if (!document.hidden) {
      timer = setTimeout(ask, EVERY_MS);
    }
  }

  async function ask() {
    asked = Date.now();
    await fetched(bell().dataset.bell);
    later();
  }

  function readHere() {
    const form = document.querySelector("[data-read-here]");
    if (form) {
      fetched(form.action, { method: "POST", body: new FormData(form) });
    }
  }

  document.addEventListener("visibilitychange", function () {
    if (document.hidden || Date.now() - asked < EVERY_MS) {
      later();
    } else {
      ask();
    }
  });
  document.addEventListener("ticket:renewed", function (event) {
    if (event.detail.shown) {
      readHere();
    }
  });
  window.deskKeys.on({
    i: () => bell().click(),
  });
  if (document.querySelector("[data-read-here=now]")) {
    readHere();
  }
  later();
})();
