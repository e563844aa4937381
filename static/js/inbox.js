// The inbox by keyboard: j/k move, o opens, m marks as read. Without it the inbox is a plain list of links and buttons.
(function () {
  "use strict";

  const rows = Array.from(document.querySelectorAll(".inbox-row"));

  function here() {
    return document.activeElement && document.activeElement.closest(".inbox-row");
  }

  function move(step) {
    const index = rows.indexOf(here());
    const row = index < 0 ? rows[step > 0 ? 0 : rows.length - 1] : rows[index + step];
    if (!row) {
      return false;
    }
    row.querySelector(".inbox-link").focus();
    return true;
  }

  function press(selector) {
    const part = here() && here().querySelector(selector);
    if (!part) {
      return false;
    }
    part.click();
    return true;
  }

  window.deskKeys.on({
    j: () => move(1),
    k: () => move(-1),
    o: () => press(".inbox-link"),
    m: () => press("[name=entry]"),
  });
})();
