// How a text will look, see templates/desk/parts/text.html: the desk is asked at the address of the nearest
// `data-preview`. Where it cannot be reached the form is told by the event `preview:lost`.
(function () {
  "use strict";

  async function look(form, how) {
    const area = form.querySelector("textarea");
    const preview = form.querySelector(".preview");
    form.querySelectorAll("[data-look]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.look === how));
    });
    if (how === "write") {
      preview.hidden = true;
      area.hidden = false;
      return;
    }
    preview.setAttribute("aria-busy", "true");
    const body = new FormData();
    body.append("text", area.value);
    body.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    try {
      const answer = await fetch(form.closest("[data-preview]").dataset.preview, { method: "POST", body: body });
      // The desk cleaned it; see `domain/markup.py`.
      if (!answer.redirected && (answer.ok || answer.status === 422)) {
        preview.innerHTML = await answer.text();
        preview.hidden = false;
        area.hidden = true;
      } else {
        throw new Error(String(answer.status));
      }
    } catch (_lost) {
      look(form, "write");
      form.dispatchEvent(new CustomEvent("preview:lost", { bubbles: true }));
    } finally {
      preview.removeAttribute("aria-busy");
    }
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-look]");
    if (button) {
      look(button.closest("form"), button.dataset.look);
    }
  });

  window.watchdeskPreview = { look: look };
})();
