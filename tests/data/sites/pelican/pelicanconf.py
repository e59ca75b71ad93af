SITENAME = "Breads"
SITEURL = 'https://breads.example'
ARTICLE_URL = 'blog/{date:%Y}/{date:%m}/{slug}/'
