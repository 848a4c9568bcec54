// In the page: puts hostile texts wherever a panel's state holds a text, and looks at what became of them.
(() => {
  /** What the kernel itself writes: names of kinds, ids, bytes of pictures. */
  const OURS = new Set(["kind", "level", "verb", "png", "tiles", "id", "sort", "tab", "dtype"]);
  /** Maps of the user's own keys. */
  const MAPS = new Set(["metadata", "config", "summary", "json"]);

  function idsIn(value, found = new Set()) {
    if (Array.isArray(value)) for (const each of value) idsIn(each, found);
    else if (value && typeof value === "object") {
      for (const [key, each] of Object.entries(value)) {
        if (key === "id" && typeof each === "string") found.add(each);
        else idsIn(each, found);
      }
    }
    return found;
  }

  function spoiled(value, next, ids, key = "") {
    if (typeof value === "string") return OURS.has(key) || ids.has(value) ? value : next();
    if (Array.isArray(value)) return value.map((each) => spoiled(each, next, ids, key));
    if (!value || typeof value !== "object" || value instanceof ArrayBuffer) return value;
    const made = {};
    for (const [name, each] of Object.entries(value)) made[name] = spoiled(each, next, ids, name);
    if (MAPS.has(key)) {
      for (const text of [next(), "__proto__"]) {
        const nested = { value: { [text]: [text, { [text]: text }] }, enumerable: true, configurable: true };
        Object.defineProperty(made, text, nested);
      }
    }
    return made;
  }

  const ACTS = "script,iframe,object,embed,base,link,form,meta,style,a,area,foreignObject,use,image,animate,set";
  function harm(root) {
    const found = [];
    if (window.JA_PWNED !== undefined) found.push("a script ran");
    if (Object.keys(Object.prototype).length) found.push("Object.prototype has grown");
    for (const element of root.querySelectorAll(ACTS)) found.push(`<${element.localName}>`);
    for (const element of root.querySelectorAll("*")) {
      for (const { name, value } of element.attributes) {
        if (/^on|srcdoc|^(?:xlink:)?href$|action/i.test(name)) found.push(`${element.localName} ${name}`);
        if (name === "src" && !/^(?:blob:|data:image\/(?:png|svg\+xml);base64,)/.test(value)) found.push(`src ${value.slice(0, 60)}`);
        if (name === "style" && /url\((?!["']?(?:blob:|data:image\/(?:png|svg\+xml);base64,))|expression|@import|position: ?fixed/i.test(value))
          found.push(`style ${value.slice(0, 80)}`);
        if (name === "id" && !/^ja-[a-z]+-[a-z0-9]+(?:-\w+)?$/.test(value)) found.push(`id ${value.slice(0, 60)}`);
      }
    }
    // Anything that turns the direction of what follows, or that a terminal obeys, is written out.
    const words = [...root.querySelectorAll("[title],[aria-label],[aria-description]")].flatMap((element) =>
      ["title", "aria-label", "aria-description"].map((name) => element.getAttribute(name) ?? ""));
    for (const text of [root.textContent, ...words]) {
      const hidden = /.{0,20}[\u0000-\u0008\u000b-\u001f\u200b\u202a-\u202e\u2060-\u206f\u3164].{0,20}/s.exec(text);
      if (hidden) found.push(`a control character: ${JSON.stringify(hidden[0])}`);
    }
    if (root.textContent.includes("could not be drawn")) found.push("the panel gave up");
    return found;
  }

  const PRESSED = "button:not(:disabled),[role=tab],[role=radio],summary,input[type=checkbox]";
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));

  window.hostile = {
    harm,
    /** A payload whose every text became the next of `texts`: what a stranger may have stored. */
    rewritten(value, texts, start) {
      let at = start;
      const next = () => texts[at++ % texts.length];
      const walk = (each) =>
        typeof each === "string" ? next()
        : Array.isArray(each) ? each.map(walk)
        : each && typeof each === "object" ? Object.fromEntries(Object.entries(each).map(([k, v]) => [k, walk(v)]))
        : each;
      return walk(value);
    },
    /** Every text of a scene's state and of its kernel's answers becomes the next of `texts`, round and round. */
    async spoil(scene, texts, start) {
      const model = window.JA_MODELS[scene];
      window.JA_CLEAN ??= {};
      window.JA_CLEAN[scene] ??= structuredClone(model.get("snapshot"));
      const clean = window.JA_CLEAN[scene];
      let at = start;
      const next = () => texts[at++ % texts.length];
      const ids = idsIn(clean);
      const post = Object.getPrototypeOf(model).post;
      model.post = (message, buffers) => {
        const result = message.result && spoiled(message.result, next, ids);
        const error = message.error && { code: message.error.code, message: next() };
        post.call(model, { ...message, ...(result ? { result } : {}), ...(error ? { error } : {}) }, buffers);
      };
      model.set("snapshot", spoiled(clean, next, ids));
      await frame();
      await frame();
    },
    /** Presses whatever can be pressed, also what that brings; returns what it pressed and what harm was seen. */
    async press(root, most) {
      const pressed = new Set();
      const found = [];
      const name = (e) => `${e.className}|${e.getAttribute("aria-label")}|${e.textContent.slice(0, 60)}`;
      for (let turn = 0; turn < most; turn++) {
        const fresh = [...root.querySelectorAll(PRESSED)].find((each) => !pressed.has(name(each)));
        if (!fresh) break;
        pressed.add(name(fresh));
        fresh.click();
        await frame();
        await frame();
        for (const each of harm(root)) found.push(`after ${name(fresh)}: ${each}`);
      }
      return [pressed.size, found];
    },
    /** The same in what Python sets: every text of the view. */
    async spoilView(scene, texts) {
      const model = window.JA_MODELS[scene];
      const before = model.get("view");
      let at = 0;
      model.set("view", spoiled(before, () => texts[at++ % texts.length], new Set()));
      await frame();
      model.set("view", before);
      await frame();
    },
  };
})();
