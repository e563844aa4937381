// While the subject is typed: the reader's own open tickets that look the same, and known issues, beside the field and
// without a fuss.
(function () {
  "use strict";

  const REST = 500;

  function link(ticket) {
    const item = document.createElement("li");
    const anchor = document.createElement("a");
    anchor.href = ticket.url;
    anchor.textContent = ticket.subject;
    item.append(anchor, ` ${ticket.ref}`);
    return item;
  }

  function known(issue) {
    const item = document.createElement("details");
    const title = document.createElement("summary");
    const words = document.createElement("div");
    title.textContent = issue.title;
    item.className = "known-issue";
    words.className = "words";
    words.setAttribute("x-ignore", "");
    words.setAttribute("hx-disable", "");
    // The desk cleaned it; see `domain/markup.py`.
    words.innerHTML = issue.words;
    item.append(title, words);
    return item;
  }

  function part(words, ...rows) {
    const said = document.createElement("p");
    said.textContent = words;
    return [said, ...rows];
  }

  function show(place, answer) {
    const found = JSON.stringify([answer.tickets.map((ticket) => ticket.ref), answer.issues.map((issue) => issue.title)]);
    if (place.dataset.found === found) {
      return;
    }
    place.dataset.found = found;
    const parts = [];
    if (answer.issues.length) {
      parts.push(...part(place.dataset.issues, ...answer.issues.map(known)));
    }
    if (answer.tickets.length) {
      const list = document.createElement("ul");
      list.append(...answer.tickets.map(link));
      parts.push(...part(place.dataset.words, list));
    }
    place.replaceChildren(...parts);
  }

  document.querySelectorAll("[data-alike]").forEach((place) => {
    const field = document.getElementById(place.dataset.field);
    let timer = 0;
    let asked = 0;
    const ask = () => {
      asked += 1;
      const mine = asked;
      fetch(`${place.dataset.alike}?${new URLSearchParams({ subject: field.value })}`, { credentials: "same-origin" })
        .then((response) => (response.ok ? response.json() : { tickets: [], issues: [] }))
        .then((answer) => mine === asked && show(place, answer))
        .catch(() => {});
    };
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, REST);
    });
    if (field.value) {
      ask();
    }
  });
})();
