// The page: hears voices and edits what users add. Everything it asks for lies at addresses relative
// to its own, so that it works behind a proxy that puts it somewhere else (Home Assistant's ingress).
"use strict";

const RATE = 24000;
const AHEAD = 0.08; // seconds between the first sound that comes and its start
const $ = (id) => document.getElementById(id);

const SAMPLES = {
  "en-US": "Good morning. It is seven degrees outside.",
  "en-GB": "Good morning. It is seven degrees outside.",
  "de-DE": "Guten Morgen. Draußen sind es sieben Grad.",
  "es-ES": "Buenos días. Hace siete grados fuera.",
  "fr-FR": "Bonjour. Il fait sept degrés dehors.",
  "hi-IN": "नमस्ते। बाहर सात डिग्री है।",
  "it-IT": "Buongiorno. Fuori ci sono sette gradi.",
  "ja-JP": "おはようございます。外は七度です。",
  "pt-BR": "Bom dia. Faz sete graus lá fora.",
  "zh-CN": "早上好。外面七度。",
};

// ---- asking the server ------------------------------------------------------------------------

let key = sessionStorage.getItem("key") || "";

async function ask(path, options = {}) {
  const headers = { ...options.headers };
  if (key) headers.Authorization = `Bearer ${key}`;
  const answer = await fetch(path, { ...options, headers });
  if (answer.status === 401) $("key-needed").hidden = false;
  if (!answer.ok) throw new Error(await reason(answer));
  return answer;
}

async function reason(answer) {
  try {
    return (await answer.json()).error.message;
  } catch {
    return `the server answered ${answer.status}`;
  }
}

function post(path, body, signal) {
  const headers = { "Content-Type": "application/json" };
  return ask(path, { method: "POST", headers, body: JSON.stringify(body), signal });
}

function say(id, text, wrong = false) {
  const place = $(id);
  place.textContent = text;
  place.classList.toggle("wrong", wrong);
}

// ---- sound while it is made -------------------------------------------------------------------

class Player {
  constructor() {
    this.samples = [];
    this.words = [];
    this.length = 0;
    this.started = null; // time of the context at which second 0 of the speech is heard
    this.next = 0;
    this.done = false;
    this.asked = performance.now();
    this.firstSound = null;
    this.abort = new AbortController();
  }

  async play(request) {
    this.context = new AudioContext();
    await this.context.resume();
    const answer = await post("dev/captioned_speech", { ...request, response_format: "pcm" }, this.abort.signal);
    for await (const line of linesOf(answer.body)) this.take(JSON.parse(line));
    this.done = true;
  }

  take({ audio, timestamps }) {
    this.words.push(...timestamps);
    const bytes = Uint8Array.from(atob(audio), (char) => char.charCodeAt(0));
    if (!bytes.length) return;
    const pcm = new Float32Array(bytes.length / 2);
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < pcm.length; i++) pcm[i] = view.getInt16(2 * i, true) / 32768;
    if (this.firstSound === null) this.firstSound = performance.now() - this.asked;
    const now = this.context.currentTime;
    if (this.started === null) {
      this.started = now + AHEAD;
      this.next = this.started;
    } else if (this.next < now) { // it ran dry: all that follows is heard later
      this.started += now + AHEAD - this.next;
      this.next = now + AHEAD;
    }
    const buffer = this.context.createBuffer(1, pcm.length, RATE);
    buffer.copyToChannel(pcm, 0);
    const source = this.context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.context.destination);
    source.start(this.next);
    this.next += pcm.length / RATE;
    this.samples.push(pcm);
    this.length += pcm.length;
  }

  get at() {
    return this.started === null ? 0 : Math.max(0, this.context.currentTime - this.started);
  }

  get ended() {
    return this.done && (this.started === null || this.context.currentTime >= this.next);
  }

  stop() {
    this.abort.abort();
    this.done = true;
    if (this.context && this.context.state !== "closed") this.context.close();
  }

  all() {
    const whole = new Float32Array(this.length);
    let at = 0;
    for (const piece of this.samples) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  }
}

async function* linesOf(stream) {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    rest += decoder.decode(value, { stream: !done });
    const lines = rest.split("\n");
    rest = lines.pop();
    for (const line of lines) if (line) yield line;
    if (done) break;
  }
  if (rest.trim()) yield rest;
}

let playing = null;

function stopPlaying() {
  if (playing) playing.stop();
  playing = null;
  $("stop").disabled = true;
  for (const button of document.querySelectorAll(".playing")) {
    button.classList.remove("playing");
    button.textContent = "▶";
  }
}

async function speak(request, messageId, onEnd = () => {}, show = null) {
  stopPlaying();
  const player = (playing = new Player());
  $("stop").disabled = false;
  say(messageId, "");
  if (show) show(player);
  const finish = setInterval(() => {
    if (player !== playing || player.ended) {
      clearInterval(finish);
      if (player === playing) stopPlaying();
      onEnd();
    }
  }, 100);
  try {
    await player.play(request);
  } catch (error) {
    if (error.name !== "AbortError") say(messageId, error.message, true);
    player.done = true;
  }
  return player;
}

// ---- words, waveform, spectrogram -------------------------------------------------------------

class View {
  constructor(player, text, language) {
    this.player = player;
    this.text = text;
    this.spans = [];
    this.cursor = 0;
    this.drawn = -1;
    $("heard").hidden = false;
    $("words").lang = language || "en";
    $("words").textContent = text;
    this.rest = $("words").firstChild;
    requestAnimationFrame(() => this.frame());
  }

  frame() {
    this.place();
    this.light(this.player.at);
    this.draw();
    if (!this.player.ended && this.player === playing) requestAnimationFrame(() => this.frame());
    else this.finish();
  }

  // Words come in the order of the text; each is looked for behind the one before.
  place() {
    while (this.spans.length < this.player.words.length) {
      const word = this.player.words[this.spans.length];
      const at = this.text.indexOf(word.written, this.cursor);
      if (at < 0) {
        this.spans.push({ word, node: null });
        continue;
      }
      const span = document.createElement("span");
      const behind = this.rest.splitText(at - this.cursor);
      this.rest = behind.splitText(word.written.length);
      span.textContent = behind.data;
      behind.replaceWith(span);
      this.cursor = at + word.written.length;
      this.spans.push({ word, node: span });
    }
  }

  light(at) {
    for (const { word, node } of this.spans) {
      if (!node) continue;
      node.classList.toggle("now", word.start_time <= at && at < word.end_time);
      node.classList.toggle("said", word.end_time <= at);
    }
  }

  draw() {
    const { player } = this;
    if (player.length !== this.drawn && performance.now() > (this.due || 0)) {
      this.drawn = player.length;
      this.due = performance.now() + 250;
      this.whole = player.all();
      this.wave = drawWave($("wave"), this.whole);
      this.spectrum = drawSpectrum($("spectrum"), this.whole);
    }
    const share = player.length ? (player.at * RATE) / player.length : 0;
    for (const [id, picture] of [["wave", this.wave], ["spectrum", this.spectrum]]) {
      if (picture) withHead($(id), picture, share);
    }
  }

  finish() {
    this.due = 0;
    this.place();
    this.draw();
    const { player } = this;
    if (!player.length) return;
    const estimated = player.words.some((word) => !word.exact);
    $("figures").textContent =
      `${(player.length / RATE).toFixed(1)} s of speech; first sound after ${Math.round(player.firstSound)} ms` +
      (estimated ? "; the times of words are estimates of the stand-in" : "");
  }
}

function sized(canvas) {
  const ratio = window.devicePixelRatio || 1;
  const width = Math.max(1, Math.round(canvas.clientWidth * ratio));
  const height = Math.max(1, Math.round(canvas.clientHeight * ratio));
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  return { width, height };
}

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function drawWave(canvas, samples) {
  const { width, height } = sized(canvas);
  const picture = new OffscreenCanvas(width, height);
  const pen = picture.getContext("2d");
  pen.fillStyle = colour("--accent");
  for (let x = 0; x < width; x++) {
    const from = Math.floor((x * samples.length) / width);
    const to = Math.max(from + 1, Math.floor(((x + 1) * samples.length) / width));
    let peak = 0;
    for (let i = from; i < to && i < samples.length; i++) peak = Math.max(peak, Math.abs(samples[i]));
    const tall = Math.max(1, peak * height * 0.95);
    pen.fillRect(x, (height - tall) / 2, 1, tall);
  }
  return picture;
}

const SIZE = 512;
const WINDOW = Float32Array.from({ length: SIZE }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / SIZE));

function drawSpectrum(canvas, samples) {
  const { width, height } = sized(canvas);
  const shown = Math.round((8000 / (RATE / 2)) * (SIZE / 2));
  const columns = Math.min(width, 600);
  const image = new ImageData(columns, shown);
  const [low, high] = [rgb(colour("--field")), rgb(colour("--accent"))];
  for (let x = 0; x < columns; x++) {
    const levels = levelsAt(samples, Math.floor((x * samples.length) / columns));
    for (let y = 0; y < shown; y++) {
      const share = Math.min(1, Math.max(0, (levels[shown - 1 - y] + 70) / 65));
      for (let part = 0; part < 3; part++) {
        image.data[4 * (y * columns + x) + part] = low[part] + (high[part] - low[part]) * share;
      }
      image.data[4 * (y * columns + x) + 3] = 255;
    }
  }
  const small = new OffscreenCanvas(columns, shown);
  small.getContext("2d").putImageData(image, 0, 0);
  const picture = new OffscreenCanvas(width, height);
  picture.getContext("2d").drawImage(small, 0, 0, width, height);
  return picture;
}

function rgb(hex) {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

// Decibels of each frequency around a sample: a Fourier transform of 512, by halves.
function levelsAt(samples, centre) {
  const real = new Float32Array(SIZE);
  const imaginary = new Float32Array(SIZE);
  for (let i = 0; i < SIZE; i++) real[i] = (samples[centre + i - SIZE / 2] || 0) * WINDOW[i];
  for (let i = 1, j = 0; i < SIZE; i++) {
    let bit = SIZE >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) [real[i], real[j]] = [real[j], real[i]];
  }
  for (let span = 2; span <= SIZE; span <<= 1) {
    for (let start = 0; start < SIZE; start += span) {
      for (let k = 0; k < span / 2; k++) {
        const angle = (-2 * Math.PI * k) / span;
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        const [i, j] = [start + k, start + k + span / 2];
        const [r, m] = [real[j] * c - imaginary[j] * s, real[j] * s + imaginary[j] * c];
        [real[j], imaginary[j]] = [real[i] - r, imaginary[i] - m];
        real[i] += r;
        imaginary[i] += m;
      }
    }
  }
  return Float32Array.from({ length: SIZE / 2 }, (_, i) =>
    20 * Math.log10(Math.hypot(real[i], imaginary[i]) / (SIZE / 8) + 1e-6));
}

function withHead(canvas, picture, share) {
  const pen = canvas.getContext("2d");
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  if (share > 0 && share < 1) {
    pen.fillStyle = colour("--ink");
    pen.fillRect(Math.round(share * canvas.width), 0, 2, canvas.height);
  }
}

// ---- the text box -----------------------------------------------------------------------------

let voices = [];

function chosenVoice() {
  const [first, second, share] = [$("voice").value, $("second").value, Number($("share").value)];
  if (!second || second === first) return first;
  return `${first}(${(100 - share) / 10})+${second}(${share / 10})`;
}

function chosen() {
  return { input: $("text").value, voice: chosenVoice(), speed: Number($("speed").value) };
}

function showChoice() {
  $("speed-out").textContent = Number($("speed").value).toFixed(2).replace(/0$/, "");
  $("share-out").textContent = `${$("share").value} %`;
  $("share-label").hidden = !$("second").value;
  $("voice-name").textContent = chosenVoice();
}

async function download() {
  const format = $("format").value;
  const captions = format === "srt" || format === "vtt";
  const path = captions ? "v1/audio/captions" : "v1/audio/speech";
  const wanted = captions ? { format } : { response_format: format };
  $("download").disabled = true;
  say("message", "Making the file …");
  try {
    const answer = await post(path, { ...chosen(), ...wanted });
    save(await answer.blob(), `speech.${format}`);
    say("message", "");
  } catch (error) {
    say("message", error.message, true);
  }
  $("download").disabled = false;
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

// ---- voices -----------------------------------------------------------------------------------

function languageName(code) {
  const names = new Intl.DisplayNames(["en"], { type: "language" });
  return names.of(code);
}

function byLanguage() {
  const groups = new Map();
  for (const voice of voices) {
    if (!groups.has(voice.language)) groups.set(voice.language, []);
    groups.get(voice.language).push(voice);
  }
  return groups;
}

function fillSelects() {
  for (const id of ["voice", "second"]) {
    const before = $(id).value;
    $(id).querySelectorAll("optgroup").forEach((group) => group.remove());
    for (const [language, some] of byLanguage()) {
      const group = document.createElement("optgroup");
      group.label = languageName(language);
      for (const voice of some) group.append(new Option(shortName(voice), voice.id));
      $(id).append(group);
    }
    const wanted = before || (id === "voice" ? "af_heart" : "");
    if ([...$(id).options].some((option) => option.value === wanted)) $(id).value = wanted;
  }
  showChoice();
}

function shortName(voice) {
  return voice.name.replace(/ \(.*\)$/, "");
}

function playButton(voice) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "▶";
  button.setAttribute("aria-label", `Hear ${shortName(voice)}`);
  button.addEventListener("click", async () => {
    const again = button.classList.contains("playing");
    stopPlaying();
    if (again) return;
    const sample = SAMPLES[voice.language] || SAMPLES["en-US"];
    const asking = speak({ input: sample, voice: voice.id }, "message");
    button.classList.add("playing");
    button.textContent = "■";
    await asking;
  });
  return button;
}

function card(voice) {
  const item = document.createElement("li");
  const who = document.createElement("span");
  who.className = "who";
  const name = document.createElement("b");
  name.textContent = shortName(voice);
  const detail = document.createElement("span");
  detail.textContent = voice.gender ? `${voice.id} · ${voice.gender}` : voice.id;
  who.append(name, detail);
  item.append(playButton(voice), who);
  return item;
}

function listVoices() {
  $("voices").replaceChildren();
  for (const [language, some] of byLanguage()) {
    const title = document.createElement("h3");
    title.textContent = languageName(language);
    const list = document.createElement("ul");
    list.className = "voices";
    list.append(...some.map(card));
    $("voices").append(title, list);
  }
}

async function loadVoices() {
  voices = (await (await ask("v1/audio/voices")).json()).voices;
  fillSelects();
  listVoices();
  await loadOwn();
}

async function loadOwn() {
  const own = (await (await ask("voices")).json()).voices;
  $("own").replaceChildren(...own.map(ownCard));
}

function ownCard(id) {
  const voice = voices.find((one) => one.id === id) || { id, name: id, language: "en-US" };
  const item = card(voice);
  const remove = document.createElement("button");
  remove.type = "button";
  remove.className = "text";
  remove.textContent = "Remove";
  remove.setAttribute("aria-label", `Remove ${id}`);
  remove.addEventListener("click", async () => {
    if (!confirm(`Remove ${id} from this server?`)) return;
    try {
      await ask(`voices/${encodeURIComponent(id)}`, { method: "DELETE" });
      say("own-message", `${id} is removed.`);
      await loadVoices();
    } catch (error) {
      say("own-message", error.message, true);
    }
  });
  item.append(remove);
  return item;
}

async function addVoice(event) {
  event.preventDefault();
  const [name, file] = [$("own-name").value.trim(), $("own-file").files[0]];
  say("own-message", "Sending …");
  try {
    await ask(`voices/${encodeURIComponent(name)}`, { method: "PUT", body: file });
    say("own-message", `${name} is here.`);
    $("own-form").reset();
    await loadVoices();
  } catch (error) {
    say("own-message", error.message, true);
  }
}

// ---- the lexicon ------------------------------------------------------------------------------

// Until it is here nobody can edit it: what is typed would be overwritten, and saving would empty it.
async function loadLexicon() {
  $("lexicon").value = await (await ask("lexicon")).text();
  for (const id of ["lexicon", "lexicon-save", "lexicon-hear"]) $(id).disabled = false;
}

async function saveLexicon() {
  try {
    await ask("lexicon", { method: "PUT", body: $("lexicon").value });
    say("lexicon-message", "Saved.");
    return true;
  } catch (error) {
    say("lexicon-message", error.message, true);
    return false;
  }
}

async function hearLexicon() {
  if (!(await saveLexicon())) return;
  await speak({ input: $("try").value, voice: chosenVoice() }, "lexicon-message");
}

// ---- what the server does ---------------------------------------------------------------------

async function showState() {
  try {
    const state = await (await ask("status")).json();
    const model = state.models.find((one) => one.version === state.default_model);
    const others = state.streams ? `; speaking to ${state.streams}` : "";
    const kind = model ? model.state : "ready";
    say("state", `${sentence(state, model)}${others}`);
    $("state").dataset.state = kind;
    $("about").textContent =
      `wyoming-kokoro ${state.version}; ${state.requests} requests since the start; ` +
      `memory ${(state.memory_bytes / 1e6).toFixed(0)} MB`;
  } catch (error) {
    say("state", `No answer: ${error.message}`);
    $("state").dataset.state = "failed";
  }
}

function sentence(state, model) {
  if (!model) return "The stand-in speaks";
  if (model.state === "ready") {
    const weights = { starter: "starter weights in 8 bits", released: "released weights", own: "weights of your own" };
    return `Kokoro ${model.version} on ${model.device}, ${model.precision}, ${weights[model.weights]}`;
  }
  return `Kokoro ${model.version} is ${model.state}${model.detail ? `: ${model.detail}` : ""}`;
}

async function start() {
  await showState();
  try {
    await loadVoices();
    await loadLexicon();
  } catch (error) {
    say("message", error.message, true);
  }
}

for (const id of ["voice", "second", "share", "speed"]) $(id).addEventListener("input", showChoice);
$("play").addEventListener("click", () => {
  const language = voices.find((voice) => voice.id === $("voice").value)?.language;
  speak(chosen(), "message", () => {}, (player) => new View(player, $("text").value, language));
});
$("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) $("play").click();
});
$("stop").addEventListener("click", stopPlaying);
$("download").addEventListener("click", download);
$("own-form").addEventListener("submit", addVoice);
$("lexicon-save").addEventListener("click", saveLexicon);
$("lexicon-hear").addEventListener("click", hearLexicon);
$("key-form").addEventListener("submit", (event) => {
  event.preventDefault();
  key = $("key").value;
  sessionStorage.setItem("key", key);
  $("key-needed").hidden = true;
  start();
});
setInterval(showState, 5000);
start();
