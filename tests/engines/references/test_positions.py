"""The places that formats reserve for a path: one word is enough there. `web` has moved to `frontend`.

In the rows § stands for the folder.
"""

from __future__ import annotations

import pytest

TREE = {
    ".gitignore": "dist\nnode_modules/\n",
    "web/package.json": "{}\n",
    "web/src/app.ts": "export {}\n",
    "web/Dockerfile": "FROM node\n",
    "web/scripts/test.sh": "echo\n",
    "main.go": "package main\n\nfunc main() {}\n",
}
SETTINGS = [
    ("docker-compose.yml", "services:\n  web:\n    build: §\n    env_file: [§/.env, .env]\n"),
    ("compose.yaml", "services:\n  web:\n    build:\n      context: §\n      dockerfile: Dockerfile\n"),
    ("docker-compose.dev.yml", "services:\n  a:\n    volumes:\n      - ./§:/srv/web\n      - web:/data\n"),
    (".github/workflows/a.yml", "jobs:\n  a:\n    defaults:\n      run:\n        working-directory: ./§\n"),
    (".github/workflows/b.yml", "jobs:\n  a:\n    steps:\n      - run: cd § && npm ci\n      - run: npm -C § test\n"),
    (
        ".github/workflows/c.yml",
        "jobs:\n  a:\n    steps:\n      - run: |\n          pushd §\n          npm --prefix § ci\n",
    ),
    (".github/workflows/d.yml", "on:\n  push:\n    paths: [§/**, '!§/docs/**']\n"),
    (
        ".github/workflows/e.yml",
        "steps:\n  - uses: actions/cache@v4\n    with:\n      path: |\n        §/node_modules\n        §/dist\n",
    ),
    (
        ".github/workflows/f.yml",
        "steps:\n  - uses: a/b@v1\n    with: {context: §, file: §/Dockerfile, tags: acme/web}\n",
    ),
    (".github/workflows/g.yml", "steps:\n  - with:\n      cache-dependency-path: §/package-lock.json\n"),
    (
        ".github/dependabot.yml",
        "updates:\n  - package-ecosystem: npm\n    directory: /§\n  - directories: ['/§', \"/\"]\n",
    ),
    (".gitlab-ci.yml", "web:\n  script:\n    - cd §\n    - npm ci\n  artifacts:\n    paths: [§/dist]\n"),
    (".circleci/config.yml", "jobs:\n  a:\n    working_directory: §\n"),
    ("azure-pipelines.yml", "steps:\n  - script: npm ci\n    workingDirectory: §\n"),
    (
        "package.json",
        '{"name": "web", "workspaces": ["§"], "scripts": {"a": "npm --prefix § start", "b": "cd § && x"}}\n',
    ),
    ("pnpm-workspace.yaml", "packages:\n  - §\n  - '!§/dist'\n"),
    ("tsconfig.json", '{"references": [{"path": "./§"}], "include": ["§"], "compilerOptions": {"outDir": "§/dist"}}\n'),
    (".vscode/launch.json", '{"configurations": [{"name": "web", "cwd": "${workspaceFolder}/§"}]}\n'),
    (".vscode/tasks.json", '{"tasks": [{"options": {"cwd": "§"}}]}\n'),
    (".devcontainer/devcontainer.json", '{"build": {"context": "../§", "dockerfile": "../§/Dockerfile"}}\n'),
    ("netlify.toml", '[build]\n  base = "§"\n  publish = "§/dist"\n  command = "cd § && npm ci"\n'),
    ("vercel.json", '{"outputDirectory": "§/dist", "buildCommand": "cd § && npm run build"}\n'),
    ("mkdocs.yml", "site_name: web\ndocs_dir: §\n"),
    (
        "pyproject.toml",
        '[project]\nname = "web"\n[tool.pytest.ini_options]\ntestpaths = ["§"]\n[tool.setuptools]\npackages = ["web"]\n'
        '[tool.mypy]\npackages = ["web"]\n[tool.hatch.build.targets.wheel]\npackages = ["§"]\n',
    ),
    ("Cargo.toml", '[workspace]\nmembers = ["§", "§/x"]\n[dependencies]\nweb = { path = "§" }\n'),
    ("skaffold.yaml", "build:\n  artifacts:\n    - image: acme/web\n      context: §\n"),
    ("buf.yaml", "version: v2\nname: buf.build/acme/web\nmodules:\n  - path: §\n"),
    ("lerna.json", '{"packages": ["§", "§/*"]}\n'),
    ("Taskfile.yml", "tasks:\n  web:\n    dir: §\n    cmds:\n      - cd § && ls\n"),
    ("tox.ini", "[testenv]\nchangedir = §\n"),
    ("setup.cfg", "[tool:pytest]\ntestpaths = §\n"),
    (".goreleaser.yaml", "builds:\n  - dir: §\n    binary: web\n"),
    ("renovate.json", '{"includePaths": ["§/**"]}\n'),
    (".idea/a.iml", '<content url="file://$PROJECT_DIR$/§" />\n'),
]
COMMANDS = [
    (
        "Makefile",
        "§/dist: §/package.json\n\tcd § && npm ci\n\t$(MAKE) -C §\n\trm -rf §/dist\n\t@./§/scripts/test.sh\n\t-@§/scripts/test.sh\n",
    ),
    ("vars.mk", "x:\n\trm -rf $(BUILD_PATH) § §/src\n"),
    ("a.mk", "\t@npm --prefix § ci\n\tnpm --prefix=§ run build\n\tgo -C § vet ./...\n"),
    ("justfile", "a:\n  cd § && npm ci\n"),
    ("a.sh", "pushd § >/dev/null\nfind § -name '*.ts' -type f\nfor d in § other; do :; done\n[ -d § ] && ls -l §\n"),
    ("b.sh", 'WEB_DIR="§"\nDIRS="§ other"\nexport SRC_DIR=§\ncp -r § out\nrm -rf § other\ntar -C § -czf x .\n'),
    ("c.sh", "git -C § status\ngit add §\ngrep -r web §\n(cd §; npm ci)\nyarn --cwd §\npnpm -C § test\n"),
    ("d.sh", "test -e § || exit\nmake -C§\nterraform -chdir=§ apply\ngo test ./§/... -coverpkg=./§/...,./x\n"),
    ("f.sh", "protoc -I § -I§ --proto_path=§ x.proto\ncc -I § x.c\n"),
    ("g.sh", "docker build -t web §\ndocker build § --tag web\nnpx eslint §\nuv run pytest §\ngit log -- §\n"),
    ("h.sh", "scp -r § host:web\ntar czf x.tgz §\nAPP=§\ncd $APP && npm ci\n"),
    (
        "d.mk",
        "x:\n\tdocker build -t $(IMAGE):$(TAG) -f §/Dockerfile §\n\t$(Q)cd § && ls\n\t$(RM) -r § other\n"
        "\t$(Q) rm §\n\t@$(DOCKER) build -t web §\n",
    ),
    ("run", "#!/usr/bin/env bash\nset -e\ncd § && ls\n"),
    ("tools/make", "#!/usr/bin/make -f\nx:\n\tcp -r ../§ out\n"),
    ("c.mk", "x:\n\t@$(CURDIR)/§/scripts/test.sh\n\t-./§/scripts/test.sh\n"),
    ("hooks.yml", "cmd: {{ if .X }}pwsh .\\§\\x.ps1{{ else }}./§/scripts/test.sh{{ end }}\n"),
    ("docker-bake.hcl", 'target "web" {\n  context = "§"\n  dockerfile = "./§/gone/Dockerfile"\n  tags = ["web"]\n}\n'),
    ("docker-bake.json", '{"target": {"web": {"context": "§", "dockerfile": "§/x", "tags": ["web"]}}}\n'),
    ("docs/layout.md", "- [`§/`](../§) is the [web](../§); [`src/`](../§/src), [§/src/](../§/src)\n"),
    ("j.sh", "go test $(go list ./... | grep -vE '^github.com/acme/shop/§/')\n"),
    (
        "BAKE.md",
        "docker build https://github.com/acme/shop.git#main:§ https://github.com/acme/shop.git#v1.2.0:web/src "
        "https://github.com/acme/other.git#main:web/src\n",
    ),
    ("b.mk", "include §/rules.mk\nAPP := §\nx:\n\t$(MAKE) -C $(APP)\n"),
    ("HOW.md", "Run `cd § && npm i`, then `make -C §`, in §/.\n\n```sh\ncd §\ndocker build -t web §\n```\n"),
    ("i.sh", 'printf "package web\\nimport x\\n" > §/x.go\n'),
    ("e.sh", "echo x > §/dist/x\ncat <§/package.json\nmkdir -p §/dist\n"),
    ("Dockerfile", "FROM node AS web\nCOPY § ./\nCOPY --chown=a §/src/ /src/\nADD §/package.json .\n"),
    (
        "x.Dockerfile",
        "RUN --mount=type=bind,source=§,target=/web ls\nRUN --mount=type=bind,src=§ ls\nRUN cd § && npm ci\n",
    ),
    ("test.sh", "if [ -d § ] && test -f §/src; then [[ $a == web && ! -e § || -d § ]]; fi\n"),
    ("all.Dockerfile", "FROM x\nADD --link . /shop\nRUN ls /shop/§\n"),
    ("a.bat", "cd §\r\npushd %~dp0§\\src\r\n"),
    ("x.ps1", "& .\\§\nSet-Location §\nCopy-Item $PSScriptRoot\\§\\src x\n"),
    ("CMakeLists.txt", "project(web)\nadd_subdirectory(§)\ninclude_directories(${CMAKE_SOURCE_DIR}/§ x)\n"),
    ("meson.build", "project('web')\nsubdir('§')\n"),
    ("build.gradle", "project(':web').projectDir = file('§')\n"),
    ("Jenkinsfile", "stage('web') { dir('§') { sh 'npm ci' }; sh 'cd § && npm ci' }\n"),
    ("pom.xml", "<name>web</name><modules><module>§</module></modules>\n"),
    ("a.csproj", '<Compile Include="§\\a.cs" />\n'),
    ("nginx.conf", "root §/dist;\nlocation /web/ { proxy_pass http://web/; }\n"),
    ("Procfile", "web: cd § && npm start\n"),
    ("main.tf", 'module "web" {\n  source = "./§"\n}\nmodule "b" { source = "acme/web" }\n'),
    ("Tiltfile", "docker_build('web', '§')\n"),
    (
        "eslint.config.js",
        "export default [{files: ['§/**/*.ts', './§/src/app.ts'], ignores: ['§/src/**'], name: 'web'}]\n",
    ),
    ("jest.config.js", "module.exports = {roots: ['<rootDir>/§']}\n"),
    (
        ".github/workflows/w.yml",
        "steps:\n  - uses: actions/checkout@v4\n    with:\n      path: shop\n  - working-directory: shop/§\n",
    ),
    ("README.md", "[x](§) [y](https://github.com/acme/shop/tree/main/§) `./§/src` §/\n"),
    (".dockerignore", "§\n§/dist\n!§/src\n"),
    (".gcloudignore", "/§/\n§/dist\n§/src/**\n"),
    (".vercelignore", "!§/src\n/§\n"),
    (".github/CODEOWNERS", "/§/ @a\n§/src/ @b\n"),
]
STAYS = [
    ("a.yml", "name: web\nimage: web\nservices:\n  web: {}\n"),
    (".golangci.yml", "rules:\n  - path: integration[\\\\/]web\n"),
    ("print.sh", 'printf "package web\\nimport x\\n" > x\n'),
    ("run.yaml", "command: [./web, web]\nentrypoint: ./web\n"),
    ("k8s.yaml", "kind: Service\nmetadata:\n  name: web\n  labels: {app: web}\nspec:\n  ports: [{name: web}]\n"),
    ("compose.yml", "services:\n  web:\n    image: acme/web\n    depends_on: [web]\n    networks: [web]\n"),
    ("Makefile", "web: build\n\techo web\n\tgo build -o web ./cmd\n\tdocker build -t web .\n.PHONY: web\n"),
    ("a.sh", "mkdir web\necho web\ndocker run web\nkubectl logs web\ncurl http://x/web/y\n./web -v\n"),
    ("notes.md", "The web is web. See example.com/web, other/web and web/unknown.\n"),
    ("a.go", 'package main\n\nvar x = "web"\nvar y = map[string]string{"web": "web"}\n'),
    ("a.py", 'x = "web"\napp.route("/web/")\n'),
    ("package-x.json", '{"name": "web", "type": "web"}\n'),
    ("curl.sh", "curl -L http://x/y?web=1\ncurl -L 'http://x/keys?web=true&x=web'\ngit clone -C https://x/web\n"),
    ("CURL.md", "```sh\ncurl -L http://127.0.0.1:4001/keys/foo?web=true\n```\n"),
    (
        "t.sh",
        'tmp=$(mktemp -d)\ncp -r x "$tmp"\ndiff "$tmp/web" "${TMPDIR}/web" $tmpDir/web/src/app.ts $OUT/web\nOUT=/tmp/x\n',
    ),
    ("plain", "cd web && ls\n"),
    ("cov.sh", 'cp "$COVERDIR"/web.out $DIR/web.tmp\n'),
    ("Dockerfile", "FROM acme/web\nCOPY --from=web /x /y\nCMD web\n"),
    (".github/workflows/x.yml", 'steps:\n  - run: |\n      if [[ "${{ matrix.mode }}" == *"web"* ]]; then x; fi\n'),
    (
        "swagger.yaml",
        'paths:\n  /x:\n    get:\n      description: "If it says so, this\n  parameter is where to find\n  web data."\n',
    ),
    ("a.Dockerfile", "FROM x\nRUN mkdir /build && mv /bin/web /build/web\nCOPY --from=y /build/web /usr/bin/\n"),
    ("place.md", "It is in `<state-dir>/web/<id>.sock`, see <root>/web.\n"),
    (
        "link.go",
        'package main\n\nimport "os"\n\nfunc f(a string) {\n\tos.Symlink("web", a)\n\tos.Symlink("../web", a)\n}\n',
    ),
    ("test.sh", '[ "$1" = web ] || test -z web -o "$x" != "web"\n[[ -e go.mod && $1 =~ web ]]\n'),
    (
        "b.go",
        'package main\n\nimport (\n\t"os"\n\t"os/exec"\n\t"path/filepath"\n)\n\n'
        'func f() {\n\tos.Mkdir(filepath.Join(bundle.Path, "web"), 0)\n'
        '\tstate := filepath.Join(r.Bundle, "web")\n\tos.Stat(filepath.Join(state, "web"))\n'
        '\texec.LookPath("web")\n}\n',
    ),
]


@pytest.mark.parametrize("rows", [SETTINGS, COMMANDS], ids=["settings", "commands"])
def test_one_word_follows_where_a_path_must_stand(program, rows):
    ws = program.workspace({**TREE, **{path: text.replace("§", "web") for path, text in rows}})
    ws.move("web", "frontend")
    ws.references.update()
    assert {path: ws.read_text(path) for path, _ in rows} == {
        path: text.replace("§", "frontend") for path, text in rows
    }
    assert ws.references.update() == 0


def test_one_word_stays_where_it_is_the_name_of_something_else(program):
    ws = program.workspace({**TREE, **dict(STAYS)})
    ws.move("web", "frontend")
    ws.references.update()
    assert {path: ws.read_text(path) for path, _ in STAYS} == dict(STAYS)
