import { defineConfig } from 'vitepress'

export default defineConfig({
  title: 'Clouds',
  base: '/sky/',
})
