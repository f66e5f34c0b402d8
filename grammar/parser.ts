// The grammar as a chevrotain parser over balanced tokens. It is total: a mistake is parsed by a rule of its own (`stray`, optional parts,
// either separator), so one mistake never hides the next, and `build-*.ts` says what is wrong. Chevrotain's own recovery is the safety net.

import { CstParser, EOF, tokenMatcher, type TokenType } from "chevrotain";
import { kindWords } from "./bracket-layout.ts";
import * as t from "./tokens.ts";
import { unitOf } from "./units.ts";

/** Rules return concrete syntax; `parse-tokens.ts` runs them. */
export class PtParser extends CstParser {
  constructor() {
    // One token decides, or a gate that looks further (`fieldFollows`, `unitFollows`): two tokens everywhere would double the time to start.
    // Validations are skipped for the same reason.
    super(t.tokenTypes, { maxLookahead: 1, recoveryEnabled: true, skipValidations: true });
    this.performSelfAnalysis();
  }

  file = this.RULE("file", () => {
    this.MANY({ GATE: () => !this.next(EOF), DEF: () => this.OR({ IGNORE_AMBIGUITIES: true, DEF: [
      { ALT: () => this.SUBRULE(this.importing) },
      { ALT: () => this.SUBRULE(this.letting) },
      { GATE: () => this.beginsDeclaration(), ALT: () => this.SUBRULE(this.declaration) },
      { GATE: () => !this.beginsDeclaration(), ALT: () => this.SUBRULE(this.statement) },
    ] }) });
  });

  importing = this.RULE("importing", () => {
    this.CONSUME(t.Import);
    this.OPTION({ GATE: () => this.LA(1).image === "*", DEF: () => { this.CONSUME(t.Operator); this.OPTION1(() => this.CONSUME(t.As)); this.OPTION2({ GATE: () => !this.next(t.From), DEF: () => this.SUBRULE(this.named) }); } });
    this.OPTION6({ GATE: () => !this.next(t.From) && (tokenMatcher(this.LA(2), t.From) || this.peek(t.Text)), DEF: () => this.SUBRULE2(this.named) });
    this.OPTION3(() => {
      this.CONSUME(t.LeftBrace);
      this.MANY({ GATE: () => !this.next(t.RightBrace), DEF: () => this.OR({ IGNORE_AMBIGUITIES: true, DEF: [
        { ALT: () => this.SUBRULE1(this.named) }, { ALT: () => this.CONSUME(t.Comma) }, { ALT: () => this.SUBRULE(this.junk) },
        { ALT: () => this.SUBRULE(this.expression) }, { ALT: () => this.SUBRULE(this.block) },
      ] }) });
      this.CONSUME(t.RightBrace);
    });
    this.OPTION4(() => this.CONSUME(t.From));
    this.OPTION5(() => this.CONSUME(t.Text));
  });

  /** A name, or a reserved word where a name should be. */
  named = this.RULE("named", () => {
    this.OR([{ ALT: () => this.CONSUME(t.Word) }, { ALT: () => this.CONSUME(t.Reserved) }]);
  });

  letting = this.RULE("letting", () => {
    this.CONSUME(t.Let);
    this.OPTION({ GATE: () => this.nameFollows(), DEF: () => this.SUBRULE(this.named) });
    this.OPTION1(() => this.OR([{ ALT: () => this.CONSUME(t.Equals) }, { ALT: () => this.CONSUME(t.Colon) }]));
    this.OPTION2({ GATE: () => this.operandFollows(), DEF: () => this.SUBRULE(this.expression) });
  });

  declaration = this.RULE("declaration", () => {
    this.CONSUME(t.Word);
    this.OPTION({ GATE: () => this.nameFollows(), DEF: () => this.SUBRULE(this.named) });
    this.OPTION1(() => this.SUBRULE(this.parameters));
    this.MANY({ GATE: () => this.relationFollows(), DEF: () => this.SUBRULE(this.relation) });
    this.OPTION2({ GATE: () => !this.next(t.Colon) || this.peek(t.LeftBrace), DEF: () => this.OR([
      { ALT: () => { this.OPTION4(() => this.CONSUME(t.Colon)); this.SUBRULE(this.block); } },
      { ALT: () => { this.CONSUME(t.Equals); this.OPTION3({ GATE: () => this.operandFollows(), DEF: () => this.SUBRULE(this.expression) }); } },
    ] ) });
  });

  relation = this.RULE("relation", () => {
    this.CONSUME(t.Word);
    this.OPTION({ GATE: () => this.next(t.Word), DEF: () => this.SUBRULE(this.reference) });
    this.OPTION1(() => this.SUBRULE(this.args));
  });

  parameters = this.RULE("parameters", () => {
    this.CONSUME(t.LeftParenthesis);
    this.MANY({ GATE: () => !this.next(t.RightParenthesis), DEF: () => this.SUBRULE(this.parameter) });
    this.CONSUME(t.RightParenthesis);
  });

  parameter = this.RULE("parameter", () => {
    this.OR({ IGNORE_AMBIGUITIES: true, DEF: [
      { GATE: () => this.next(t.Word) || (this.next(t.Reserved) && (this.peek(t.Equals) || this.peek(t.Comma) || this.peek(t.RightParenthesis))), ALT: () => {
        this.SUBRULE(this.named);
        this.OPTION(() => {
          this.OR1([{ ALT: () => this.CONSUME(t.Equals) }, { ALT: () => this.CONSUME(t.Colon) }]);
          this.OPTION1({ GATE: () => this.operandFollows(), DEF: () => this.SUBRULE(this.expression) });
        });
      } },
      { ALT: () => this.CONSUME(t.Comma) },
      { GATE: () => this.operandFollows(), ALT: () => this.SUBRULE1(this.expression) },
      { ALT: () => this.SUBRULE(this.block) },
      { ALT: () => this.SUBRULE(this.junk) },
      { GATE: () => this.next(t.Word) || this.next(t.Text), ALT: () => this.SUBRULE2(this.expression) },
      { ALT: () => this.CONSUME(t.Reserved) },
    ] });
  });

  block = this.RULE("block", () => {
    this.CONSUME(t.LeftBrace);
    this.MANY({ GATE: () => !this.next(t.RightBrace), DEF: () => this.SUBRULE(this.statement) });
    this.CONSUME(t.RightBrace);
  });

  statement = this.RULE("statement", () => {
    const form = (type: TokenType) => () => this.next(type) && !this.fieldFollows();
    this.OR({ IGNORE_AMBIGUITIES: true, DEF: [
      { ALT: () => this.SUBRULE(this.letting) },
      { ALT: () => this.SUBRULE(this.importing) },
      { ALT: () => this.CONSUME(t.Comma) },
      { GATE: () => this.fieldFollows(), ALT: () => this.SUBRULE(this.field) },
      { GATE: form(t.Remove), ALT: () => this.SUBRULE(this.removing) },
      { GATE: form(t.Repeat), ALT: () => this.SUBRULE(this.repeating) },
      { GATE: form(t.Vary), ALT: () => this.SUBRULE(this.varying) },
      { GATE: () => this.sectionFollows(), ALT: () => this.SUBRULE(this.section) },
      { ALT: () => this.SUBRULE(this.item) },
      { ALT: () => this.SUBRULE(this.block) },
      { ALT: () => this.SUBRULE(this.stray) },
    ] });
  });

  field = this.RULE("field", () => {
    this.OR([{ ALT: () => this.SUBRULE(this.reference) }, { ALT: () => this.CONSUME(t.Text) }]);
    this.OR1([{ ALT: () => this.CONSUME(t.Colon) }, { ALT: () => this.CONSUME(t.Equals) }]);
    this.OPTION({ GATE: () => this.next(t.LeftBrace) || this.operandFollows(), DEF: () => this.OR2([{ ALT: () => this.SUBRULE(this.block) }, { ALT: () => this.SUBRULE(this.expression) }]) });
  });

  removing = this.RULE("removing", () => {
    this.CONSUME(t.Remove);
    this.OPTION({ GATE: () => this.next(t.Word) && !this.fieldFollows(), DEF: () => this.SUBRULE(this.reference) });
  });

  repeating = this.RULE("repeating", () => {
    this.CONSUME(t.Repeat);
    this.OPTION({ GATE: () => this.operandFollows(), DEF: () => this.SUBRULE(this.expression) });
    this.OPTION1(() => this.SUBRULE(this.block));
  });

  varying = this.RULE("varying", () => {
    this.CONSUME(t.Vary);
    this.OPTION({ GATE: () => !this.next(t.In) && !this.fieldFollows(), DEF: () => this.OR([{ ALT: () => this.SUBRULE(this.reference) }, { ALT: () => this.SUBRULE(this.list) }]) });
    this.OPTION1(() => this.CONSUME(t.In));
    this.OPTION2({ GATE: () => this.next(t.LeftBrace) || this.operandFollows(), DEF: () => this.OR1([{ ALT: () => this.SUBRULE(this.block) }, { ALT: () => this.SUBRULE(this.expression) }]) });
  });

  /** `encoder`, `decoder`, `head`, `weights`; what each may have is checked when the tree is built. */
  section = this.RULE("section", () => {
    this.CONSUME(t.Word);
    this.OPTION({ GATE: () => this.nameFollows() && !this.fieldFollows(), DEF: () => this.SUBRULE(this.named) });
    this.OPTION1(() => this.SUBRULE(this.parameters));
    this.OPTION2(() => this.SUBRULE(this.block));
  });

  item = this.RULE("item", () => {
    this.SUBRULE(this.reference);
    this.OPTION(() => this.SUBRULE(this.args));
    this.OPTION1(() => this.SUBRULE(this.block));
  });

  /** A run of what no statement begins with. */
  stray = this.RULE("stray", () => {
    this.AT_LEAST_ONE({ GATE: () => !this.next(t.Word) && !this.fieldFollows(), DEF: () => this.OR({ IGNORE_AMBIGUITIES: true, DEF: [
      { ALT: () => this.SUBRULE(this.expression) },
      { ALT: () => this.SUBRULE(this.junk) },
    ] }) });
  });

  junk = this.RULE("junk", () => {
    this.OR([{ ALT: () => this.CONSUME(t.Colon) }, { ALT: () => this.CONSUME(t.Equals) }, { ALT: () => this.CONSUME(t.Dot) }]);
  });

  args = this.RULE("args", () => {
    this.CONSUME(t.LeftParenthesis);
    this.MANY({ GATE: () => !this.next(t.RightParenthesis), DEF: () => this.SUBRULE(this.element) });
    this.CONSUME(t.RightParenthesis);
  });

  list = this.RULE("list", () => {
    this.CONSUME(t.LeftBracket);
    this.MANY({ GATE: () => !this.next(t.RightBracket), DEF: () => this.SUBRULE(this.element) });
    this.CONSUME(t.RightBracket);
  });

  /** One argument, list element or inside of a group; or a comma; or what cannot stand there. */
  element = this.RULE("element", () => {
    this.OR({ IGNORE_AMBIGUITIES: true, DEF: [
      { ALT: () => this.CONSUME(t.Comma) },
      { GATE: () => (this.next(t.Word) || this.next(t.Reserved)) && (this.peek(t.Colon) || this.peek(t.Equals)), ALT: () => {
        this.SUBRULE(this.named);
        this.OR1([{ ALT: () => this.CONSUME(t.Colon) }, { ALT: () => this.CONSUME(t.Equals) }]);
        this.OPTION({ GATE: () => this.operandFollows(), DEF: () => this.SUBRULE(this.expression) });
      } },
      { ALT: () => this.SUBRULE1(this.expression) },
      { ALT: () => this.SUBRULE(this.block) },
      { ALT: () => this.SUBRULE(this.junk) },
      { ALT: () => this.CONSUME(t.Let) },
      { ALT: () => this.CONSUME(t.Import) },
    ] });
  });

  /** Operands and operators as they come, never two operands in a row; precedence is the tree builder's. */
  expression = this.RULE("expression", () => {
    let operand = false;
    let first = true;
    this.AT_LEAST_ONE({ GATE: () => this.next(t.Operator) || this.next(t.Unknown) || (!operand && (first || (!this.fieldFollows() && !this.declarationFollows()))), DEF: () => { first = false; this.OR([
      { ALT: () => { this.CONSUME(t.Operator); operand = false; } },
      { ALT: () => { this.CONSUME(t.Unknown); operand = false; } },
      { ALT: () => { this.SUBRULE(this.primary); operand = true; } },
    ]); } });
  });

  primary = this.RULE("primary", () => {
    this.OR([
      { ALT: () => { this.CONSUME(t.NumberText); this.OPTION({ GATE: () => this.unitFollows(), DEF: () => this.CONSUME(t.Word) }); } },
      { ALT: () => this.CONSUME(t.Text) },
      { ALT: () => this.CONSUME(t.TokenName) },
      { ALT: () => this.CONSUME(t.On) },
      { ALT: () => this.CONSUME(t.Off) },
      { ALT: () => this.CONSUME(t.Omitted) },
      { ALT: () => this.SUBRULE(this.list) },
      // A reference, not as a rule of its own: one node less for the most frequent thing of a file.
      { ALT: () => {
        this.CONSUME1(t.Word);
        this.MANY(() => {
          this.CONSUME(t.Dot);
          this.OPTION2({ GATE: () => !this.fieldFollows() || this.next(t.Word), DEF: () => this.OR1([{ ALT: () => this.CONSUME2(t.Word) }, { ALT: () => this.CONSUME(t.Reserved) }]) });
        });
        this.OPTION1(() => this.SUBRULE(this.args));
      } },
      { ALT: () => this.SUBRULE1(this.args) },
    ]);
  });

  reference = this.RULE("reference", () => {
    this.CONSUME(t.Word);
    this.MANY(() => {
      this.CONSUME(t.Dot);
      this.OPTION({ GATE: () => !this.fieldFollows() || this.next(t.Word), DEF: () => this.OR([{ ALT: () => this.CONSUME1(t.Word) }, { ALT: () => this.CONSUME(t.Reserved) }]) });
    });
  });

  private next(type: TokenType): boolean {
    return tokenMatcher(this.LA(1), type);
  }

  private peek(type: TokenType): boolean {
    return tokenMatcher(this.LA(2), type);
  }

  /** `a.b.c:`, `"label":`, and the same with `=`, which is a mistake for it (but `let x =` and `mask x =` are not met here). */
  private fieldFollows(): boolean {
    if (this.next(t.Text)) return this.peek(t.Colon);
    if (!this.next(t.Word)) return false;
    let k = 2;
    while (tokenMatcher(this.LA(k), t.Dot) && tokenMatcher(this.LA(k + 1), t.Word)) k += 2;
    return tokenMatcher(this.LA(k), t.Colon) || tokenMatcher(this.LA(k), t.Equals);
  }

  /** An expression may begin here, and it is not the next field. */
  private operandFollows(): boolean {
    const token = this.LA(1);
    if (tokenMatcher(token, t.RightBrace) || tokenMatcher(token, t.RightParenthesis) || tokenMatcher(token, t.RightBracket) || tokenMatcher(token, t.LeftBrace)) return false;
    if (tokenMatcher(token, EOF) || tokenMatcher(token, t.Comma) || tokenMatcher(token, t.Colon) || tokenMatcher(token, t.Equals) || tokenMatcher(token, t.Dot)) return false;
    return !tokenMatcher(token, t.Let) && !tokenMatcher(token, t.Import) && !this.fieldFollows() && !this.declarationFollows();
  }

  /** The next declaration, where an operator or `=` still waits for its value. */
  private declarationFollows(): boolean {
    if (!this.next(t.Word) || !this.peek(t.Word) || !kindWords.has(this.LA(1).image)) return false;
    const third = this.LA(3);
    return [t.Equals, t.LeftParenthesis, t.LeftBrace, t.Extends, t.From, t.Of].some((type) => tokenMatcher(third, type));
  }

  private nameFollows(): boolean {
    if (this.next(t.Word)) return true;
    return this.next(t.Reserved) && (this.peek(t.Equals) || this.peek(t.LeftBrace) || this.peek(t.LeftParenthesis) || this.peek(t.Colon));
  }

  /** At the top level: a word and a name or a block; a statement word, a field or a lone layer is a misplaced statement. */
  private beginsDeclaration(): boolean {
    if (!this.next(t.Word) || (t.statementWords.includes(this.LA(1).image)) || this.peek(t.Colon) || this.peek(t.Dot)) return false;
    return this.peek(t.Word) || this.peek(t.LeftBrace) || this.peek(t.Reserved);
  }

  /** `extends`, `from`, `of`, or another word and a name where only a relation can be. */
  private relationFollows(): boolean {
    const word = this.LA(1).image;
    if (this.next(t.Extends) || this.next(t.From) || this.next(t.Of)) return true;
    return this.next(t.Word) && this.peek(t.Word) && !kindWords.has(word) && (tokenMatcher(this.LA(3), t.LeftBrace) || tokenMatcher(this.LA(3), t.LeftParenthesis));
  }

  private sectionFollows(): boolean {
    return (this.next(t.Encoder) || this.next(t.Decoder) || this.next(t.Head) || this.next(t.Weights)) && !this.fieldFollows();
  }

  /** A unit is a unit right after a number, unless it is the next field's or statement's name. */
  private unitFollows(): boolean {
    if (unitOf(this.LA(1).image) === undefined) return false;
    return !this.peek(t.Colon) && !this.peek(t.LeftParenthesis) && !this.peek(t.LeftBrace) && !this.peek(t.Dot);
  }
}
