export default function (config) {
  config.addPassthroughCopy('img');
  return { dir: { input: 'src' } };
}
