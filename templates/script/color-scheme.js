// Light or dark: what the reader prefers, until the switch says otherwise.
const SCHEME_KEY = "postkin-color-scheme";

// A page opened from disk may have no storage.
const recallScheme = () => { try { return localStorage.getItem(SCHEME_KEY); } catch { return null; } };
const rememberScheme = (scheme) => { try { localStorage.setItem(SCHEME_KEY, scheme); } catch { /* not remembered */ } };

document.documentElement.classList.add("scripted"); // keeps room for what appears only then
const savedScheme = recallScheme();
if (savedScheme === "light" || savedScheme === "dark") document.documentElement.dataset.colorScheme = savedScheme;

const setUpColorScheme = (changed) => {
  const root = document.documentElement;
  const button = document.getElementById("color-scheme-switch");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const current = () => root.dataset.colorScheme || (dark.matches ? "dark" : "light");
  const show = () => {
    button.textContent = current() === "dark" ? say("light") : say("dark");
    changed();
  };
  button.addEventListener("click", () => {
    root.dataset.colorScheme = current() === "dark" ? "light" : "dark";
    rememberScheme(root.dataset.colorScheme);
    show();
  });
  dark.addEventListener("change", show);
  show();
  button.hidden = false;
};
