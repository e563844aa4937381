// While the subject is typed: the reader's own open tickets that look the same, beside the field and without a fuss.
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

  function show(place, tickets) {
    const refs = tickets.map((ticket) => ticket.ref).join();
    if (place.dataset.refs === refs) {
      return;
    }
    place.dataset.refs = refs;
    if (!tickets.length) {
      place.replaceChildren();
      return;
    }
    const words = document.createElement("p");
    const list = document.createElement("ul");
    words.textContent = place.dataset.words;
    list.append(...tickets.map(link));
    place.replaceChildren(words, list);
  }

  document.querySelectorAll("[data-alike]").forEach((place) => {
    const field = document.getElementById(place.dataset.field);
    let timer = 0;
    let asked = 0;
    const ask = () => {
      asked += 1;
      const mine = asked;
      fetch(`${place.dataset.alike}?${new URLSearchParams({ subject: field.value })}`, { credentials: "same-origin" })
        .then((response) => (response.ok ? response.json() : { tickets: [] }))
        .then((answer) => mine === asked && show(place, answer.tickets))
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
