// Passkeys: the browser asks the device, and the form carries its answer. Without them the page's other ways remain.
(function () {
  "use strict";

  function bytes(text) {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  }

  function written(buffer) {
    if (!buffer) {
      return undefined;
    }
    const plain = String.fromCharCode(...new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  // The server's question with bytes where it has their letters.
  function asked(question) {
    const key = { ...question.publicKey, challenge: bytes(question.publicKey.challenge) };
    if (key.user) {
      key.user = { ...key.user, id: bytes(key.user.id) };
    }
    for (const name of ["excludeCredentials", "allowCredentials"]) {
      if (key[name]) {
        key[name] = key[name].map((one) => ({ ...one, id: bytes(one.id) }));
      }
    }
    return key;
  }

  function answered(credential) {
    const said = credential.response;
    return JSON.stringify({
      id: credential.id,
      rawId: written(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment || undefined,
      clientExtensionResults: credential.getClientExtensionResults(),
      response: {
        clientDataJSON: written(said.clientDataJSON),
        attestationObject: written(said.attestationObject),
        authenticatorData: written(said.authenticatorData),
        signature: written(said.signature),
        userHandle: written(said.userHandle),
        transports: said.getTransports ? said.getTransports() : undefined,
      },
    });
  }

  async function questionOf(form) {
    if (form.dataset.questionAt) {
      const answer = await fetch(form.dataset.questionAt, { headers: { Accept: "application/json" } });
      return (await answer.json()).request_options;
    }
    return JSON.parse(document.getElementById("passkey-question").textContent);
  }

  async function ask(form) {
    const publicKey = asked(await questionOf(form));
    if (form.dataset.passkey === "get") {
      return navigator.credentials.get({ publicKey });
    }
    // Kept on the device and opened by its owner where it can be, so that it logs in without a password too.
    publicKey.authenticatorSelection = {
      ...publicKey.authenticatorSelection,
      residentKey: "preferred",
      requireResidentKey: false,
      userVerification: "preferred",
    };
    return navigator.credentials.create({ publicKey });
  }

  function prepare(form) {
    const trouble = form.querySelector(".passkey-trouble");
    const button = form.querySelector("button");
    form.hidden = false;
    if (!window.PublicKeyCredential) {
      button.disabled = true;
      trouble.textContent = form.dataset.no;
      return;
    }
    form.addEventListener("submit", async function (event) {
      event.preventDefault();
      trouble.textContent = "";
      button.disabled = true;
      try {
        form.elements.credential.value = answered(await ask(form));
        form.submit();
      } catch {
        button.disabled = false;
        trouble.textContent = form.dataset.failed;
      }
    });
  }

  document.querySelectorAll("form[data-passkey]").forEach(prepare);
})();
