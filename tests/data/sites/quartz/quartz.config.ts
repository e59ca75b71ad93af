const config = {
  configuration: {
    baseUrl: 'garden.example',
  },
}
export default config
