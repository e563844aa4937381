// Files go to the desk while somebody still writes: chosen, dropped on the form or pasted into it. Each `.files` is one
// plain picker with a list; what arrived is named by a sealed note in a hidden field, and the form carries the notes.
(function () {
  "use strict";

  const AT_ONCE = 2;
  const rowOf = document.getElementById("file-row");
  if (!rowOf) {
    return;
  }
  const words = rowOf.dataset;
  const boxes = new Map();

  function fill(text, values) {
    return text.replace(/%\((\w+)\)s/g, (_all, name) => values[name]);
  }

  function sizeWords(bytes) {
    const large = bytes < 1 << 20 ? ["kilobyte", 1 << 10] : ["megabyte", 1 << 20];
    const [unit, divisor] = bytes < 1 << 10 ? ["byte", 1] : large;
    const amount = bytes / divisor;
    const digits = amount < 10 ? 1 : 0;
    const style = { style: "unit", unit: unit, maximumFractionDigits: digits };
    return new Intl.NumberFormat(document.documentElement.lang || "en", style).format(amount);
  }

  class Box {
    constructor(root) {
      this.root = root;
      this.form = root.closest("form");
      this.picker = root.querySelector("input[type=file]");
      this.list = root.querySelector(".files-list");
      this.status = root.querySelector(".files-said");
      this.pasted = 0;
      this.rows = Array.from(this.list.children, (item) => this.known(item));
      this.picker.addEventListener("change", () => {
        this.take(this.picker.files);
        this.picker.value = "";
      });
      this.listen();
    }

    listen() {
      // The listeners of the box itself run before those of the document, which only keep the page from leaving.
      this.form.addEventListener("dragover", (event) => this.over(event));
      this.form.addEventListener("dragleave", (event) => {
        if (!this.form.contains(event.relatedTarget)) {
          this.root.classList.remove("files-over");
        }
      });
      this.form.addEventListener("drop", (event) => {
        this.root.classList.remove("files-over");
        if (event.dataTransfer.files.length) {
          event.preventDefault();
          this.take(event.dataTransfer.files);
        }
      });
      this.form.addEventListener("paste", (event) => this.paste(event));
      this.form.addEventListener("wd:send", (event) => this.hold(event));
    }

    over(event) {
      if (event.dataTransfer.types.includes("Files")) {
        event.preventDefault();
        event.dataTransfer.dropEffect = "copy";
        this.root.classList.add("files-over");
      }
    }

    paste(event) {
      // Cells of a table come as text and as a picture of it: the text is what was meant.
      const data = event.clipboardData;
      if (!data.files.length || data.types.includes("text/plain")) {
        return;
      }
      event.preventDefault();
      this.take(Array.from(data.files, (file) => this.named(file)));
    }

    named(file) {
      if (file.name !== "image.png") {
        return file;
      }
      this.pasted += 1;
      return new File([file], fill(words.pasted, { number: this.pasted }), { type: file.type });
    }

    // A file that the page came with.
    known(item) {
      const row = { item: item, state: "done", name: item.querySelector(".file-name").textContent };
      item.querySelector(".file-drop").replaceWith(this.button("remove", row));
      return row;
    }

    button(act, row) {
      const button = rowOf.content.querySelector(`[data-act=${act}]`).cloneNode(true);
      button.append(this.hiddenName(row));
      button.addEventListener("click", () => this[act](row));
      return button;
    }

    hiddenName(row) {
      const name = document.createElement("span");
      name.className = "visually-hidden";
      name.textContent = ` ${row.name}`;
      return name;
    }

    take(files) {
      const limit = Number(this.root.dataset.maxFiles);
      for (const file of Array.from(files)) {
        const room = this.rows.filter((row) => row.state !== "failed").length < limit;
        const row = this.add(file);
        if (!room) {
          this.fail(row, fill(words.tooMany, { limit: limit }));
        } else if (file.size > Number(this.root.dataset.maxBytes)) {
          const limits = { size: sizeWords(file.size), limit: sizeWords(Number(this.root.dataset.maxBytes)) };
          this.fail(row, fill(words.tooLarge, limits));
        } else if (!file.size) {
          this.fail(row, words.empty);
        }
      }
      this.next();
    }

    add(file) {
      const item = rowOf.content.querySelector("li").cloneNode(true);
      const row = { item: item, file: file, name: file.name, state: "waiting" };
      item.querySelector(".file-name").textContent = file.name;
      item.querySelector(".file-size").textContent = sizeWords(file.size);
      item.querySelector(".file-progress").setAttribute("aria-label", file.name);
      item.querySelectorAll("[data-act]").forEach((button) => button.replaceWith(this.button(button.dataset.act, row)));
      this.rows.push(row);
      this.show(row, "waiting", "");
      this.list.append(item);
      return row;
    }

    show(row, state, said, again) {
      row.state = state;
      row.item.dataset.state = state;
      row.item.querySelector(".file-words").textContent = said;
      const busy = state === "waiting" || state === "sending";
      row.item.querySelector(".file-progress").hidden = !busy;
      row.item.querySelector("[data-act=retry]").hidden = !again;
      row.item.querySelector("[data-act=cancel]").hidden = !busy;
      row.item.querySelector("[data-act=remove]").hidden = busy;
    }

    // Cancel and remove lead to the same place: the row goes, and the focus stays beside it.
    cancel(row) {
      this.remove(row);
    }

    remove(row) {
      const place = this.rows.indexOf(row);
      this.rows.splice(place, 1);
      row.request?.abort();
      const near = row.item.nextElementSibling || row.item.previousElementSibling;
      row.item.remove();
      (near?.querySelector("button:not([hidden])") || this.picker).focus();
      this.say(fill(words.removed, { name: row.name }));
      this.changed();
      this.next();
    }

    retry(row) {
      const focused = row.item.contains(document.activeElement);
      this.show(row, "waiting", "");
      this.next();
      if (focused) {
        row.item.querySelector("[data-act=cancel]").focus();
      }
    }

    next() {
      let free = AT_ONCE - this.rows.filter((row) => row.state === "sending").length;
      for (const row of this.rows) {
        if (free > 0 && row.state === "waiting") {
          this.send(row);
          free -= 1;
        }
      }
      this.tell();
    }

    send(row) {
      const request = new XMLHttpRequest();
      const bar = row.item.querySelector(".file-progress");
      const body = new FormData();
      body.append("file", row.file, row.name);
      row.request = request;
      this.show(row, "sending", "");
      bar.value = 0;
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) {
          bar.value = event.loaded / event.total;
        }
      });
      request.addEventListener("load", () => this.answered(row, request));
      request.addEventListener("error", () => this.fail(row, words.broken, true));
      request.open("POST", this.root.dataset.url);
      request.setRequestHeader("X-CSRFToken", this.form.elements.csrfmiddlewaretoken.value);
      request.setRequestHeader("Accept", "application/json");
      request.send(body);
    }

    answered(row, request) {
      let answer = {};
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        // A page of a proxy or of the desk's own failure says nothing to a script.
      }
      if (request.status !== 200 || !answer.note) {
        this.fail(row, answer.error || words.broken, request.status !== 422);
        return;
      }
      row.item.querySelector(".file-name").textContent = answer.name;
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = "kept";
      field.value = answer.note;
      row.item.append(field);
      const focused = row.item.contains(document.activeElement);
      this.show(row, "done", "");
      if (focused) {
        row.item.querySelector("[data-act=remove]").focus();
      }
      this.say(fill(words.added, { name: row.name }));
      this.changed();
      this.next();
    }

    fail(row, said, again) {
      const focused = row.item.contains(document.activeElement);
      this.show(row, "failed", said, again);
      if (focused) {
        row.item.querySelector("button:not([hidden])").focus();
      }
      this.say(`${row.name}: ${said}`);
      this.next();
    }

    say(text) {
      this.status.textContent = text;
    }

    // Drafts are saved when something changed, also when a script changed it.
    changed() {
      this.form.dispatchEvent(new Event("change", { bubbles: true }));
    }

    get busy() {
      return this.rows.some((row) => row.state === "waiting" || row.state === "sending");
    }

    get failed() {
      return this.rows.some((row) => row.state === "failed");
    }

    // Whoever sends the form waits for its files; a file that is not there is told first.
    hold(event) {
      if (!this.busy && !this.failed) {
        return;
      }
      const elsewhere = event.detail.submitter?.hasAttribute("formaction");
      const arrived = new Promise((resolve) => {
        this.settled = resolve;
      });
      if (this.busy) {
        this.say(words.waits);
      }
      event.detail.waitFor(
        arrived.then(() => {
          if (this.failed && !elsewhere) {
            this.say(words.missing);
            this.list.querySelector("[data-state=failed] button:not([hidden])").focus();
            return false;
          }
          return true;
        }),
      );
      this.tell();
    }

    tell() {
      if (!this.busy && this.settled) {
        this.settled();
        this.settled = null;
      }
    }
  }

  function attend(part) {
    part.querySelectorAll(".files[data-url]").forEach((root) => boxes.set(root, boxes.get(root) || new Box(root)));
  }
  attend(document);
  // Forms that come to the page later bring their boxes with them.
  document.addEventListener("htmx:load", (event) => attend(event.detail.elt));
  // A file that misses its place must not replace the page and what was typed on it.
  for (const kind of ["dragover", "drop"]) {
    document.addEventListener(kind, (event) => {
      if (boxes.size && event.dataTransfer?.types.includes("Files") && !event.defaultPrevented) {
        event.preventDefault();
        event.dataTransfer.dropEffect = "none";
      }
    });
  }
})();
