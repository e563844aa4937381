// What goes on in the background: the part is read anew every two seconds, until it says that it is done.
(function () {
  "use strict";

  const EVERY = 2000;

  async function look() {
    const part = document.querySelector("[data-progress]");
    if (!part) {
      return;
    }
    try {
      const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = answer.ok && !answer.redirected && page.getElementById(part.id);
      if (fresh) {
        // Who stands on a link of the list stays there.
        const held = part.contains(document.activeElement) && document.activeElement.getAttribute("href");
        part.replaceWith(fresh);
        if (held) {
          const again = fresh.querySelector('a[href="' + CSS.escape(held) + '"]');
          if (again) {
            again.focus();
          }
        }
      }
    } catch (_lost) {
      // The next look may find the desk again.
    }
    window.setTimeout(look, EVERY);
  }

  window.setTimeout(look, EVERY);
})();
