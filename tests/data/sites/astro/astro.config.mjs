import { defineConfig } from 'astro/config';

// site: 'https://wrong.example',
export default defineConfig({
  site: 'https://clay.example',
  base: '/pots',
  i18n: {
    defaultLocale: 'en',
    locales: ['en', 'ja'],
  },
});
