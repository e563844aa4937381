// What the portal does beyond its pages: menus that close, a search that answers while one types, and news that are told.
(function () {
  "use strict";

  const PAUSE = 250;
  const NEWS_EVERY = 25000;

  // A menu closes when one goes elsewhere or presses Escape, which leads back to its opener.
  document.addEventListener("click", function (event) {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (!menu.contains(event.target)) {
        menu.open = false;
      }
    }
  });
  document.addEventListener("focusin", function (event) {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (!menu.contains(event.target)) {
        menu.open = false;
      }
    }
  });
  document.addEventListener("keydown", function (event) {
    const menu = event.key === "Escape" && document.querySelector("details[data-menu][open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  function searchIn(form) {
    const field = form.elements.q;
    const place = form.parentElement.querySelector("[role=status]");
    let waiting = 0;
    let asking = null;
    let answered = "";

    async function ask() {
      const words = field.value.trim();
      if (words === answered) {
        return;
      }
      answered = words;
      if (asking) {
        asking.abort();
      }
      if (!words) {
        place.replaceChildren();
        return;
      }
      asking = new AbortController();
      const given = new URLSearchParams(new FormData(form));
      try {
        const answer = await fetch(form.dataset.seek + "?" + given, {
          headers: { "X-Piece": "1" },
          signal: asking.signal,
        });
        if (answer.ok && !answer.redirected) {
          place.innerHTML = await answer.text();
        }
      } catch {
        // Without an answer the button still leads to the list.
        answered = "";
      }
    }

    field.addEventListener("input", function () {
      clearTimeout(waiting);
      waiting = setTimeout(ask, PAUSE);
    });
    field.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && field.value) {
        field.value = "";
        ask();
        event.preventDefault();
      }
    });
  }

  // Asks now and then whether somebody wrote. What is new is told, and shown when one wants it; a text that is being
  // written stays as it is.
  function tellNewsIn(place) {
    async function ask() {
      if (document.hidden || place.hasChildNodes()) {
        return;
      }
      const known = new URLSearchParams({ after: place.dataset.after, status: place.dataset.status });
      try {
        const answer = await fetch(place.dataset.news + "?" + known, { headers: { "X-Piece": "1" } });
        if (answer.status === 200 && !answer.redirected) {
          place.innerHTML = await answer.text();
        }
      } catch {
        // The next time, perhaps.
      }
    }

    place.addEventListener("click", function (event) {
      const words = place.querySelector("[data-last]");
      if (!event.target.closest("button") || !words) {
        return;
      }
      const said = place.querySelector("template").content;
      const first = said.querySelector("article");
      document.querySelector(".letters").append(said);
      for (const field of document.querySelectorAll("input[name=seen_message]")) {
        field.value = words.dataset.last;
      }
      place.dataset.after = words.dataset.last;
      place.replaceChildren();
      first.tabIndex = -1;
      first.focus();
    });

    setInterval(ask, NEWS_EVERY);
    document.addEventListener("visibilitychange", ask);
  }

  document.querySelectorAll("[data-news]").forEach(tellNewsIn);

  for (const form of document.querySelectorAll("form[data-seek]")) {
    searchIn(form);
  }
})();
