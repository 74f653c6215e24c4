// Questions are answered without a new page where there is a script; without one the forms do by themselves.
(() => {
  const log = document.getElementById("log");
  const wait = document.getElementById("wait");

  const say = (text) => { if (wait) wait.textContent = text || ""; };

  // put adds what was answered to the conversation, and the dossier beside it.
  const put = (html) => {
    const parts = document.createElement("template");
    parts.innerHTML = html;
    const beside = parts.content.querySelector("#new-beside");
    const latest = document.getElementById("latest");
    if (latest) latest.removeAttribute("id");
    const added = parts.content.querySelector("li");
    if (beside) document.getElementById("beside").replaceChildren(beside.content); // else the country that was spoken of before stays
    log.append(added);
    document.querySelector(".examples")?.remove();
    document.querySelector(".forget").hidden = false;
    return added;
  };

  const ask = async (form, button) => {
    const asked = new URLSearchParams(new FormData(form));
    if (button?.name) asked.set(button.name, button.value);
    const typed = form.id === "ask";
    say(wait?.dataset.wait);
    try {
      const answer = await fetch("/ask", { method: "POST", body: asked, headers: { "X-Fragment": "1" }, credentials: "same-origin" });
      if (!answer.ok) throw new Error(answer.status);
      const added = put(await answer.text());
      say("");
      added.scrollIntoView({ block: "start" });
      if (typed) {
        form.reset();
        form.elements.q.value = "";
        form.elements.q.focus({ preventScroll: true });
      } else {
        added.focus({ preventScroll: true });
      }
    } catch {
      say(wait?.dataset.fail);
    }
  };

  if (log) {
    document.addEventListener("submit", (event) => {
      const form = event.target;
      if (!form.matches("form[data-ask]")) return;
      event.preventDefault();
      ask(form, event.submitter);
    });
  }

  for (const button of document.querySelectorAll("button[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
      button.textContent = button.dataset.done;
    });
  }
})();
