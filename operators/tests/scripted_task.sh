# A task whose behaviour is a few lines of shell, in its request's parameter "script" (Base64).
# It is called as the Java task is: KIND --request FILE|- [--attached] --result FILE|-
kind=$1
shift
while [ $# -gt 0 ]; do
    case $1 in
        --request) request=$2; shift ;;
        --result) result=$2; shift ;;
    esac
    shift
done
if [ "$request" = - ]; then IFS= read -r json; else json=$(cat "$request"); fi

field() { printf '%s' "$json" | sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p"; }
say() { printf '%s\n' "$1"; }
# finish TEXT: writes the result, a text of JSON that may not hold a line's end.
finish() {
    if [ "$result" = - ]; then
        sha=$(printf '%s' "$1" | sha256sum | cut -c 1-64)
        text=$(printf '%s' "$1" | sed 's/["\\]/\\&/g')
        say "@dualform {\"event\":\"result\",\"part\":1,\"parts\":1,\"sha256\":\"$sha\",\"text\":\"$text\"}"
    else
        printf '%s' "$1" > "$result"
    fi
}
# done_with MESSAGE
done_with() {
    finish "{\"schema\":1,\"kind\":\"$kind\",\"status\":\"done\",\"outputs\":{},\"metrics\":{},\"provenance\":{},\"message\":\"$1\"}"
}
workspace=$(field workspace)
eval "$(field script | base64 -d)"
