// What somebody types into a form with `data-draft` (the address of its draft) is kept by the desk: a second after the
// last key, when the page is left, and before the form is sent. What is said of it stands in the form's `.draft-said`.
(function () {
  "use strict";

  const REST = 1000;
  const AGAIN = 10000;
  // What browsers let a page send while it is being left.
  const PARTING = 60000;

  class Draft {
    constructor(form) {
      this.form = form;
      this.status = form.querySelector(".draft-said");
      this.changed = false;
      this.sent = false;
      for (const kind of ["input", "change"]) {
        form.addEventListener(kind, (event) => {
          if (event.target.type !== "file") {
            this.changed = true;
            this.sent = false;
            this.soon(REST);
          }
        });
      }
      form.addEventListener("wd:send", (event) => this.leave(event));
      window.addEventListener("pagehide", () => {
        if (this.changed && !this.sent) {
          this.save(true);
        }
      });
    }

    soon(wait) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.save(), wait);
    }

    // The fields that somebody fills in; hidden ones only where they say so.
    content() {
      const content = {};
      for (const field of this.form.elements) {
        const plain = !field.disabled && (field.type !== "hidden" || field.hasAttribute("data-draft-field"));
        const on = !["checkbox", "radio"].includes(field.type) || field.checked;
        if (field.name && plain && on && !["file", "submit", "button", "fieldset"].includes(field.type)) {
          content[field.name] = field.value;
        }
      }
      delete content.remove;
      content.kept = Array.from(this.form.querySelectorAll("input[name=kept]"), (field) => field.value);
      return content;
    }

    get empty() {
      const written = Array.from(this.form.elements).some(
        (field) =>
          (field.tagName === "TEXTAREA" || (field.tagName === "INPUT" && field.type === "text")) && field.value.trim(),
      );
      const chosen = this.form.querySelector("input[type=radio]:checked:not([value='']), input[name=kept]");
      return !written && !chosen;
    }

    // Saves one after the other, so that the newest is the last. Answers whether the desk can be reached and knows us.
    save(parting) {
      clearTimeout(this.timer);
      this.changed = false;
      // A page that is being left has no time to wait.
      const asked = parting || !this.running ? this.ask(parting) : this.running.then(() => this.ask());
      this.running = asked.catch(() => this.failed());
      return this.running;
    }

    ask(parting) {
      const body = JSON.stringify({ key: this.form.elements.key?.value || "", content: this.content() });
      const empty = this.empty;
      return fetch(this.form.dataset.draft, {
        method: empty ? "DELETE" : "POST",
        headers: {
          "Content-Type": "application/json",
          Accept: "application/json",
          "X-CSRFToken": this.form.elements.csrfmiddlewaretoken.value,
        },
        body: empty ? null : body,
        credentials: "same-origin",
        keepalive: Boolean(parting) && body.length < PARTING,
      }).then((response) => this.answered(response));
    }

    answered(response) {
      this.isCut = false;
      if (response.headers.get("content-type")?.startsWith("application/json")) {
        return response.json().then((answer) => {
          this.say(answer.said || answer.error || "");
          if (response.status === 401) {
            this.changed = true;
            return false;
          }
          return true;
        });
      }
      this.say("");
      return true;
    }

    failed() {
      this.isCut = true;
      this.say(this.form.dataset.draftFailed || "");
      this.changed = true;
      this.soon(AGAIN);
      return false;
    }

    say(text) {
      if (this.status && this.status.textContent !== text) {
        this.status.textContent = text;
      }
    }

    // What was not kept yet is kept first: nothing is lost when the session or the connection has ended meanwhile.
    leave(event) {
      clearTimeout(this.timer);
      const known = this.changed ? this.save() : this.running || Promise.resolve(true);
      event.detail.waitFor(
        known.then((reached) => {
          this.sent = reached;
          if (!reached) {
            if (this.isCut) {
              this.say(this.form.dataset.draftUnsent || this.form.dataset.draftFailed || "");
            }
            this.status?.scrollIntoView({ block: "nearest" });
          }
          return reached;
        }),
      );
    }
  }

  document.querySelectorAll("form[data-draft]").forEach((form) => new Draft(form));
})();
