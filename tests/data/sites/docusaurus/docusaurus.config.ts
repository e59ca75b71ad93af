import type {Config} from '@docusaurus/types';

const config: Config = {
  title: 'Looms',
  url: 'https://looms.example',
  baseUrl: '/weave/',
  i18n: {defaultLocale: 'en', locales: ['en', 'fr']},
};

export default config;
