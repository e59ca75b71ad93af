// Light or dark: what the reader prefers, until the switch says otherwise.
const THEME_KEY = "postkin-theme";

// A page opened from disk may have no storage.
const recallTheme = () => { try { return localStorage.getItem(THEME_KEY); } catch { return null; } };
const rememberTheme = (theme) => { try { localStorage.setItem(THEME_KEY, theme); } catch { /* not remembered */ } };

document.documentElement.classList.add("scripted"); // keeps room for what appears only then
const savedTheme = recallTheme();
if (savedTheme === "light" || savedTheme === "dark") document.documentElement.dataset.theme = savedTheme;

const setUpTheme = (changed) => {
  const root = document.documentElement;
  const button = document.getElementById("theme-switch");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const current = () => root.dataset.theme || (dark.matches ? "dark" : "light");
  const show = () => {
    button.textContent = current() === "dark" ? say("light") : say("dark");
    changed();
  };
  button.addEventListener("click", () => {
    root.dataset.theme = current() === "dark" ? "light" : "dark";
    rememberTheme(root.dataset.theme);
    show();
  });
  dark.addEventListener("change", show);
  show();
  button.hidden = false;
};
