// The view in the address: #article=ID&q=words&theme=3&tag=beam&year=2024&sort=title, or an anchor of the page.
const ROUTE_KEYS = ["article", "q", "theme", "tag", "year", "sort"];

const readRoute = () => {
  const hash = location.hash.slice(1);
  if (!/^(?:article|q|theme|tag|year|sort)=/.test(hash)) return null;
  const parts = new URLSearchParams(hash);
  return Object.fromEntries(ROUTE_KEYS.map((key) => [key, parts.get(key) ?? ""]));
};

const writeRoute = (state) => {
  const parts = new URLSearchParams();
  for (const key of ROUTE_KEYS) if (state[key]) parts.set(key, state[key]);
  const hash = parts.toString();
  history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
};
