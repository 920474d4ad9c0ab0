"""Pieces of source code in nine languages, each complete in itself, to build files from."""

# ruff: noqa: E501  # lines of the pieces

from __future__ import annotations

PIECES: dict[str, tuple[str, ...]] = {
    "python": (
        '"""A module.\n\nIt has a docstring\nof some lines.\n"""\n',
        "import os\nfrom typing import (\n    Any,\n    Mapping,\n)\n",
        "LIMIT = 20\nNAMES = {\n    'a': 1,\n    'b': 2,\n    'c': 3,\n    'd': 4,\n    'e': 5,\n}\n",
        "def first_one(a, b=2):\n    # 注釈: emoji \U0001f600\n    total = a + b\n    for i in range(3):\n"
        "        total += i\n        if total > 9:\n            return '九'\n    return total\n",
        "async def second_one(x: int, /, *, y: str = 'é') -> str:\n    '''Say it.\n\n    In many\n"
        "    more words\n    than needed.\n    '''\n    async with x as z:\n        await z\n"
        "    return f'{y!r:>{10}}'\n",
        "@decorated(\n    1,\n)\nclass Third(Base[int], metaclass=Meta):\n    '''A class.'''\n\n"
        "    field: int = 3\n    other = None\n\n    @property\n    def third_one(self):\n"
        "        try:\n            return self._x\n        except* (OSError, ValueError) as e:\n"
        "            raise RuntimeError('not now') from e\n        finally:\n            self.done()\n\n"
        "    def plain(self): return 1\n",
        "type Pair[T] = tuple[T, T]\n\n\ndef fourth_one[T: (int, str)](value: T) -> T:\n"
        "    match value:\n        case {'k': [1, *rest]} if rest:\n            return rest[0]\n"
        "        case _:\n            return value\n",
        "if True:\n    def fifth_one():\n        x = [\n            1,\n            2,\n            3,\n"
        "            4,\n            5,\n        ]\n        return x\nelse:\n    fifth_one = None\n",
        "TEXT = '''\nnot: [lines 1-3]\n    # nothing\n'''\n",
        "def sixth_one():\n\tif os:\n\t\treturn (\n\t\t\t1 +\n\t\t\t2\n\t\t)\n\t# the end\n",
    ),
    "javascript": (
        "'use strict'\n\nconst a = require('a')\n\n/**\n * Words.\n *\n * More words,\n * and more.\n */\n",
        "import { b,\n  c,\n  d } from './b.js'\n",
        "function firstOne(x, { y = 1, z } = {}) {\n  // 注釈 \U0001f600\n  if (x === y) {\n    return `a\n"
        "${z + `b ${x}`}\n  c`\n  } else if (z) {\n    throw new Error('no')\n  }\n  return /[/}]/.test(x)\n}\n",
        "export class Second extends Base {\n  #hidden = 1\n  static count = 0\n\n  get secondOne() {\n"
        "    return this.#hidden\n  }\n\n  async *items(n) {\n    for (let i = 0; i < n; i++) {\n"
        "      yield i\n    }\n  }\n}\n",
        "const thirdOne = async (req, res) => {\n  const rows = await load({\n    id: 1,\n    name: 'é',\n"
        "    more: [1,\n      2],\n    last: true,\n  })\n  res.send(rows)\n}\n",
        "describe('it', function () {\n  it('works', () => {\n    const x = 1\n    expect(x).toBe(1)\n  })\n})\n",
        "module.exports = {\n  fourthOne: function () {\n    return 1\n  },\n  other() {\n    return 2\n  },\n"
        "  value: 3,\n}\n",
        "proto.fifthOne = function fifthOne(a) {\n  switch (a) {\n    case 1:\n      return 'x'\n"
        "    default:\n      break\n  }\n  return null;\n};\n",
    ),
    "typescript": (
        "import type { A } from './a'\n",
        "export interface First<T> extends Base {\n  id: number\n  name?: string\n"
        "  items: Array<Record<string, T>>\n  run(x: T): Promise<void>\n}\n",
        "type Second =\n  | { kind: 'a'; value: number }\n  | { kind: 'b' }\n",
        "enum Third {\n  A = 'a',\n  B = 'b',\n  C = 'c',\n  D = 'd',\n}\n",
        "export function firstOne<T extends First<T>>(x: T, y = 1): asserts x is T {\n  const z = x as unknown as string\n"
        "  if (!z) {\n    throw new TypeError('無')\n  }\n}\n",
        "@Injectable({\n  a: 1,\n})\nexport abstract class Fourth<T> implements First<T> {\n"
        "  private readonly log = new Log()\n  constructor(private a: A, public b?: number) {\n    super()\n"
        "    this.a = a\n  }\n  protected async secondOne(x: T): Promise<T | undefined> {\n    // 注釈\n"
        "    for (const y of [1, 2]) {\n      await this.log.info(`y ${y}`)\n    }\n    return x\n  }\n}\n",
        "declare namespace Fifth {\n  function thirdOne(a: string): void\n  const b: number\n}\n",
    ),
    "tsx": (
        "import React, { useState } from 'react'\n",
        "interface Props {\n  name: string\n  onDone?: (x: number) => void\n}\n",
        "export const FirstOne: React.FC<Props> = ({ name, onDone }) => {\n  const [n, setN] = useState<number>(0)\n"
        '  const click = () => {\n    setN(n + 1)\n    onDone?.(n)\n  }\n  return (\n    <div className="a">\n'
        "      {/* 注釈 */}\n      <b onClick={click}>{name}: {n} é</b>\n      {n > 3 && (\n        <ul>\n"
        "          {[1, 2].map((x) => {\n            return <li key={x}>{x}</li>\n          })}\n        </ul>\n"
        "      )}\n    </div>\n  )\n}\n",
        "export default function SecondOne() {\n  return <>\n    // no comment\n    text &amp; more\n  </>\n}\n",
    ),
    "go": (
        'package main\n\nimport (\n\t"fmt"\n\t"os"\n)\n',
        "const (\n\tLimit = 20\n\tOther = iota\n\tThird\n\tFourth\n\tFifth\n)\n",
        '// First is a type.\n// It has fields.\ntype First struct {\n\tID   int `json:"id"`\n\tName string\n'
        "\tmore map[string][]func(int) error\n}\n",
        "func (f *First) FirstOne(ctx context.Context, n int) (out []string, err error) {\n\t// 注釈 \U0001f600\n"
        "\tfor i := 0; i < n; i++ {\n\t\tif err := f.step(i); err != nil {\n"
        '\t\t\treturn nil, fmt.Errorf("step %d: %w", i, err)\n\t\t}\n\t}\n\tgo func() {\n\t\tf.done()\n\t}()\n'
        "\treturn out, nil\n}\n",
        "func SecondOne[T any](xs []T) int {\n\tswitch {\n\tcase len(xs) > 3:\n\t\treturn 1\n\tdefault:\n"
        "\t\tx := `raw {\n text`\n\t\t_ = x\n\t}\n\treturn 0\n}\n",
        "type Third interface {\n\tThirdOne(a int) error\n\tfmt.Stringer\n}\n",
        'var table = []First{\n\t{1, "a", nil},\n\t{2, "é", nil},\n\t{3, "c", nil},\n\t{4, "d", nil},\n}\n',
    ),
    "rust": (
        "//! A crate.\n\nuse std::{\n    fmt,\n    io,\n};\n",
        'pub const LIMIT: usize = 20;\nstatic NAMES: [&str; 5] = [\n    "a",\n    "b",\n    "c",\n    "d",\n    "é",\n];\n',
        "/// A type.\n///\n/// With words.\n#[derive(Debug, Clone)]\npub struct First<'a, T: fmt::Debug> {\n"
        "    pub id: u64,\n    name: &'a str,\n    more: Option<T>,\n}\n",
        "impl<'a, T: fmt::Debug> First<'a, T> {\n    #[inline]\n    pub fn first_one(&mut self, n: usize) -> Result<(), Error> {\n"
        "        // 注釈 \U0001f600\n        for i in 0..n {\n            match self.step(i) {\n"
        "                Ok(_) => continue,\n                Err(e) if e.is_done() => {\n                    return Ok(());\n"
        "                }\n                Err(e) => return Err(e),\n            }\n        }\n"
        '        let text = r#"raw "text\n} "#;\n        println!("{text}");\n        Ok(())\n    }\n}\n',
        "pub trait Second {\n    type Out;\n    fn second_one(&self) -> Self::Out;\n    fn plain(&self) -> u8 {\n        1\n    }\n}\n",
        "pub enum Third {\n    A,\n    B(u8),\n    C { x: i32 },\n}\n",
        "macro_rules! fourth_one {\n    ($x:expr) => {\n        $x + 1\n    };\n}\n",
        "#[cfg(test)]\nmod tests {\n    use super::*;\n\n    #[test]\n    fn it_works() {\n        let x = || {\n            1\n"
        "        };\n        assert_eq!(x(), 1);\n    }\n}\n",
    ),
    "java": (
        "package a.b;\n\nimport java.util.List;\nimport java.util.Map;\n",
        '/**\n * A class.\n *\n * <p>More words,\n * and more.\n */\n@Service(\n    name = "x"\n)\n'
        "public final class First<T extends Comparable<T>> extends Base implements Runnable {\n"
        "  private static final int LIMIT = 20;\n  private final Map<String, List<T>> names;\n\n"
        "  public First(Map<String, List<T>> names) {\n    super();\n    this.names = names;\n  }\n\n"
        "  @Override\n  public synchronized void firstOne(int n) throws IOException {\n    // 注釈 \U0001f600\n"
        '    for (int i = 0; i < n; i++) {\n      if (i > 3) {\n        throw new IOException("no é");\n      }\n    }\n'
        "    Runnable r = () -> {\n      done();\n    };\n    r.run();\n  }\n\n  static {\n    init();\n  }\n}\n",
        "enum Second {\n  A(1) {\n    int x() {\n      return 2;\n    }\n  },\n  B(2),\n  ;\n\n  private final int v;\n\n"
        "  Second(int v) {\n    this.v = v;\n  }\n}\n",
        "interface Third {\n  int LIMIT = 3;\n\n  String secondOne(String a);\n\n  default int plain() {\n    return 1;\n  }\n}\n",
        "record Fourth(int a, String b) {\n  Fourth {\n    if (a < 0) {\n      throw new IllegalArgumentException();\n    }\n"
        "  }\n}\n",
    ),
    "c": (
        '/* A file.\n * With words,\n * and more,\n * and more.\n */\n#include <stdio.h>\n#include "a.h"\n',
        "#define LIMIT 20\n#define TWICE(x) \\\n    do { \\\n        x; \\\n        x; \\\n    } while (0)\n",
        "#ifdef WIDE\ntypedef long number;\n#else\ntypedef int number;\n#endif\n",
        "struct first {\n    int id;\n    char *name;\n    struct first *next;\n    int (*run)(int);\n};\n",
        "enum second {\n    A,\n    B = 2,\n    C,\n    D,\n    E,\n};\n",
        "static int\nfirst_one(const struct first *f, size_t n)\n{\n    /* 注釈 */\n    int total = 0;\n"
        "    for (size_t i = 0; i < n; i++) {\n        if (f->id == 3) {\n            goto out;\n        }\n"
        "        total += f->id;\n    }\nout:\n    return total;\n}\n",
        'static const char *const names[] = {\n    "a",\n    "b",\n    "c",\n    "d",\n    "é",\n};\n',
        'int *second_one(void) {\n    switch (1) {\n    case 1:\n        puts("x");\n        break;\n    default:\n'
        "        return NULL;\n    }\n    return NULL;\n}\n",
    ),
    "cpp": (
        "#pragma once\n#include <string>\n#include <vector>\n",
        "namespace a::b {\n\ntemplate <typename T, int N = 3>\nclass First : public Base<T>, private Other {\n public:\n"
        "  explicit First(T x) : x_(std::move(x)) {\n    init();\n  }\n  virtual ~First() = default;\n\n"
        "  T first_one(const std::vector<T>& xs) const override {\n    // 注釈 \U0001f600\n"
        "    auto f = [&](int i) {\n      return xs[i];\n    };\n    for (const auto& x : xs) {\n      if (x) {\n"
        '        throw std::runtime_error("no");\n      }\n    }\n    return f(0);\n  }\n\n private:\n  T x_;\n  int n_ = N;\n};\n\n'
        "}  // namespace a::b\n",
        'int Second::second_one(int a) noexcept {\n  auto raw = R"x(raw {\n ) text)x";\n  return a + 1;\n}\n',
        "enum class Third : int {\n  A,\n  B,\n  C,\n  D,\n};\n",
        "struct Fourth {\n  int a = 1;\n  bool operator==(const Fourth& o) const {\n    return a == o.a;\n  }\n};\n",
        "template <>\nvoid third_one<int>(int x) {\n  try {\n    run(x);\n  } catch (const std::exception& e) {\n"
        "    log(e.what());\n  }\n}\n",
    ),
}

# A symbol that some piece of the language defines, with the first and last words of its definition.
NAMED: dict[str, tuple[str, str, str]] = {
    "python": ("first_one", "def first_one(", "return total"),
    "javascript": ("thirdOne", "const thirdOne =", "res.send(rows)"),
    "typescript": ("secondOne", "protected async secondOne(", "return x"),
    "tsx": ("FirstOne", "export const FirstOne", "</div>"),
    "go": ("FirstOne", "func (f *First) FirstOne(", "return out, nil"),
    "rust": ("first_one", "pub fn first_one(", "Ok(())\n    }"),
    "java": ("firstOne", "public synchronized void firstOne(", "r.run();"),
    "c": ("first_one", "first_one(const struct first *f", "return total;"),
    "cpp": ("second_one", "int Second::second_one(", "return a + 1;"),
}

EXTENSIONS = {
    "python": "py",
    "javascript": "js",
    "typescript": "ts",
    "tsx": "tsx",
    "go": "go",
    "rust": "rs",
    "java": "java",
    "c": "c",
    "cpp": "cpp",
}
