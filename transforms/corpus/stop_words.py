"""Words that say nothing of a text: every text of their language has some."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from transforms.corpus.tokens import normalize, token_of

_ENGLISH = """
a able about above across actual actually after again against ago ahead all almost alone along
already also although always am among an and another any anybody anyhow anymore anyone anything
anyway anywhere apart are around as aside at away back be became because become becomes becoming
been before behind being below beside besides best better between beyond both but by came can cannot
certain certainly come comes coming could did different do does doing done down during each either
else elsewhere enough especially etc even ever every everybody everyone everything everywhere exactly
far few first for former forth from further furthermore gave get gets getting give given gives giving
go goes going gone good got great had has have having he hello hence her here hers herself hi high
him himself his how however i if in indeed instead into is it its itself just keep keeps kept kind
knew know known knows last later least less let lets like likely little long look looking looks lot
lots made mainly make makes making many may maybe me mean means meanwhile might mine more moreover
most mostly much must my myself namely near nearly need needed needs neither never nevertheless new
next no nobody none nor not nothing now nowhere of off often oh ok okay old on once one ones only
onto or other others otherwise ought our ours ourselves out over overall own particular particularly
perhaps please plus possible possibly put quite rather real really same saw say saying says second
see seeing seem seemed seems seen several shall she should since so some somebody somehow someone
something sometimes somewhat somewhere soon still such sure take taken takes taking tell than thank
thanks that the their theirs them themselves then there therefore these they thing things think third
this those though through throughout thus till to today together too took toward towards tried try
trying under unless until up upon us use used useful uses using usual usually various very via want
wanted wants was way ways we well went were what whatever when whenever where whereas wherever
whether which whichever while who whoever whole whom whose why will with within without would yes yet
you your yours yourself yourselves http https www com org
"""
"""The package's own list of English has many that are subjects too: fire, system, research."""


_JAPANESE = "事時物者所内中上下前後間方点際為様等日月年分気何他今回件個"
"""Kanji that stand alone in texts of every subject, beside the package's list of Japanese."""
_THAI = ("ครับ", "คับ", "ค่ะ", "คะ", "นะ", "ผม", "ฉัน", "คุณ")
_OWN = {"en": _ENGLISH.split(), "ja": [*_JAPANESE], "th": _THAI}
_OF_OTHER_SCRIPTS = ("ar", "bg", "bn", "el", "fa", "gu", "he", "hi", "hy", "ja", "ko", "mr", "ru", "th", "uk", "ur")
"""Languages whose words are no words of those in Latin letters; many of Chinese are some in Japanese."""


_ENGLISH_TITLES = """
pre end released january february march april june july august september october november december monday
tuesday wednesday thursday friday saturday sunday day days today tomorrow week weekly month monthly
year yearly time times announce announced announcing introduce introduced introducing introduction
intro overview summary conclusion recap roundup part parts chapter episode number series post posts
article articles blog blogs note notes story example examples list item items content update updates
updated updating version changes change changed changing changelog fix fixes fixed fixing add adds
added adding improve improved improvement improvements improving support supported supporting issue
issues bug bugs start started starting build building built make create created creating write
writing move moved moving join joined joining call ask asked asking help helping find found finding
learn learned learning share shared sharing prepare preparing run running work working works goal
goals aspiration aspirations idea ideas thought thoughts tip tips trick tricks step steps reason
reasons question questions answer answers problem problems solution result results future past
simple easy quick full complete real big small great happy name names order location lineup timeline
launch launched launching elect electing welcome welcoming participate participates detail details
project projects group groups people person member members everything beginner beginners
zero two three four five six seven eight nine ten eleven twelve dozen hundred thousand million
"""
_JAPANESE_TITLES = """
記事 方法 紹介 基本 入門 対応 作成 使用 利用 実装 確認 設定 表示 環境 問題 結果 比較 準備 処理 追加 参考
文献 参考文献 実行 開始 検証 感想 備忘 備忘録 目次 一覧 概要 背景 目的 手順 原因 解決 解決策 解決方法 対処
対処法 対策 現象 症状 前提 条件 前提条件 動作 動作確認 動作環境 補足 最後 最初 前回 次回 場合 必要 可能 簡単
全体 部分 名前 内容 情報 機能 種類 理由 意味 注意 注意点 変更 修正 更新 削除 取得 生成 保存 導入 構築 構成
管理 応用 表現 初心者 自分 記録 公開 課題 説明 解説 調査 改善 編集 操作 選択肢 書き方 使い方
サンプル サンプルコード コード メモ ファイル ブログ ステップ ポイント エラー バージョン タイトル メリット
デメリット インストール プロジェクト コマンド
"""
_CHINESE_TITLES = """
方法 使用 实现 實現 问题 問題 介绍 介紹 总结 總結 学习 學習 笔记 筆記 基础 基礎 相关 相關 参考 參考 资料
資料 解决 解決 教程 入门 入門 更新 版本 文件 项目 記錄 记录
"""
_OF_TITLES = {"en": _ENGLISH_TITLES.split(), "ja": _JAPANESE_TITLES.split(), "zh": _CHINESE_TITLES.split()}
"""Words that stand in titles of every subject, in so many of them that they say nothing of one."""


def title_words(languages: Iterable[str]) -> frozenset[str]:
    """The tokens that say nothing in titles and headings: the stop words of some languages, and words of every title.

    The words of titles are known of English, Japanese and Chinese; those of other languages have none of their own.
    """
    codes = {language.casefold().replace("_", "-").partition("-")[0] for language in languages}
    return stop_words(codes).union(*map(_title_tokens, ({"en"} | codes) & _OF_TITLES.keys()))


@functools.cache
def _title_tokens(code: str) -> frozenset[str]:
    return frozenset(token_of(normalize(word)) for word in _OF_TITLES[code])


def stop_words(languages: Iterable[str]) -> frozenset[str]:
    """The tokens that say nothing in some languages, given by their codes, in English, and in those of other scripts.

    Words in English letters stand in texts of every language. A language whose stop words are not known has none.
    """
    codes = {language.casefold().replace("_", "-").partition("-")[0] for language in languages}
    return frozenset().union(*map(_tokens, {"en", *_OF_OTHER_SCRIPTS, *codes}))


@functools.cache
def _tokens(code: str) -> frozenset[str]:
    from stopwordsiso import has_lang, stopwords  # which reads them all

    of_package = stopwords(code) if has_lang(code) and code != "en" else ()
    return frozenset(token_of(normalize(word)) for word in (*of_package, *_OWN.get(code, ())))
