"""Words of several languages that ask, that refer back, or that say nothing in particular."""

# ruff: noqa: RUF001  # words of other scripts, some of whose letters look like Latin ones

from __future__ import annotations

import re

# Question words and the commonest function words of languages other than English; like those of
# `question_terms`, they ask for nothing in particular.
FUNCTION_WORDS = frozenset(
    # German
    "der die das den dem des ein eine einer eines einem einen und oder ist sind war waren wird "
    "wurde wurden hat haben hatte hatten wer wen wem was wann wie wieso weshalb warum welche "
    "welcher welches welchen welchem viel viele vielen mit von vom zum zur bei beim auf aus für "
    "als auch nach nicht sich über unter durch man diese dieser dieses sie ihr ihre ihrer "
    # Spanish, French, Portuguese, Italian
    "los las una uno unos unas del que qué cual cuál cuales cuáles quien quién quienes quiénes "
    "cuando cuándo donde dónde como cómo cuanto cuánto cuantos cuántos cuanta cuánta cuantas "
    "cuántas por para con sin sobre entre fue fueron era eran ser son está están han había este "
    "esta estos estas les des une dans sur avec sans est sont était étaient été quel quelle quels "
    "quelles qui quoi où quand comment combien pourquoi aux pas plus ses leur leurs não com uma "
    "dos foi são qual quais quem onde quanto quantos che chi cosa dove quando quale quali perché "
    "della delle degli dei nel nella sono stato "
    # Russian
    "что как кто кого кому где когда какой какая какое какие какого каком каких сколько почему "
    "зачем чем был была было были для при над под или это этот эта эти его она они оно на по из "
    "от до не во со за об ли же бы "
    # Arabic, Hindi
    "من ما ماذا متى أين كيف كم لماذا هل في على إلى عن هو هي التي الذي كان كانت عدد هذا هذه "
    "क्या कौन कब कहाँ कहां कैसे क्यों कितने कितना कितनी किस किसने किसके किसकी किसे में के की का "
    "को से ने पर है हैं था थे थी और एक जो यह वह लिए".split()
)
# Characters that ask, or that stand in nearly every sentence.
ASKING_LETTERS = frozenset(
    "的了是在有多少什么谁哪何几和与为吗呢不个一人这那他她它们到上下中大小会能要以及其之於于被把从对"
)
# Pairs of characters that ask.
ASKING_PAIRS = frozenset(
    "什么 多少 哪些 哪个 哪里 哪位 何时 为何 如何 怎么 怎样 谁是 是谁 几个 是什 么是 "
    "です ます した のは とは から 何で 誰が".split()
)

# Words that ask for a number or a date, in several languages.
ASKS_NUMBER = re.compile(
    r"\bhow (?:many|much|often|long|old|far|large|big|high|tall|fast)\b"
    r"|\bwhat (?:percent|number|year|date|time|port|version|size|limit|timeout|rate)"
    r"|\b(?:in )?(?:what|which) (?:year|century"
    r"|month|day|version)|\bwhen\b|\bpercentage\b"
    r"|\bwie ?viel|\bwann\b|\bin welchem jahr|\bwelches jahr|\bcuánt|\bcuándo\b|\bqué (?:año|fecha)"
    r"|\bcombien\b|\bquand\b|\bquanti|\bquante|\bquando\b|\bquantos|\bquantas"
    r"|сколько|когда|каком году|какой процент"
    r"|\bكم\b|\bمتى\b|عدد|نسبة|عام|कितन|\bकब\b|वर्ष|प्रतिशत|多少|何时|什么时候|哪年|哪一年|几",
    re.IGNORECASE,
)
ASKS_NAME = re.compile(
    r"\bwho(?:m|se)?\b|\bwer\b|\bwem\b|\bwen\b|\bquién|\bqui\b|\bchi\b|\bquem\b|\bкто\b|\bкого\b"
    r"|\bкем\b",
    re.IGNORECASE,
)

NUMBER = re.compile(
    r"\d|[\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341\u767e]"
    r"|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty"
    r"|hundred|thousand|million|half|twice|daily|zwei|drei|vier|fünf|dos|tres|cuatro|cinco)\b",
    re.IGNORECASE,
)
# A sentence that begins like this speaks of what the sentence before it names.
REFERS_BACK = re.compile(
    r"[\"'(\u201c]{0,2}(?:it|its|he|she|his|her|they|their|this|these|those|that|such|both|however|"
    r"therefore|thus|also|then|instead|otherwise|er|sie|es|dies\w{0,2}|diese\w?|él|ella|ellos|esto|"
    r"est[ea]s?|он|она|оно|они|это|его|её|их|他|她|它|他们|这|该)(?:\b|(?=[\u4e00-\u9fff]))",
    re.IGNORECASE,
)
