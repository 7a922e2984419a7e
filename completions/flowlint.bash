#!/bin/bash

__flowlint_cursor_index_in_current_word() {
    local remaining="${COMP_LINE}"

    local word
    for word in "${COMP_WORDS[@]::COMP_CWORD}"; do
        remaining="${remaining##*([[:space:]])"${word}"*([[:space:]])}"
    done

    local -ir index="$((COMP_POINT - ${#COMP_LINE} + ${#remaining}))"
    if [[ "${index}" -le 0 ]]; then
        printf 0
    else
        printf %s "${index}"
    fi
}

# positional arguments:
#
# - 1: the current (sub)command's count of positional arguments
#
# required variables:
#
# - repeating_flags: the repeating flags that the current (sub)command can accept
# - non_repeating_flags: the non-repeating flags that the current (sub)command can accept
# - repeating_options: the repeating options that the current (sub)command can accept
# - non_repeating_options: the non-repeating options that the current (sub)command can accept
# - positional_number: value ignored
# - unparsed_words: unparsed words from the current command line
#
# modified variables:
#
# - non_repeating_flags: remove flags for this (sub)command that are already on the command line
# - non_repeating_options: remove options for this (sub)command that are already on the command line
# - positional_number: set to the current positional number
# - unparsed_words: remove all flags, options, and option values for this (sub)command
__flowlint_offer_flags_options() {
    local -ir positional_count="${1}"
    positional_number=0

    local was_flag_option_terminator_seen=false
    local is_parsing_option_value=false

    local -ar unparsed_word_indices=("${!unparsed_words[@]}")
    local -i word_index
    for word_index in "${unparsed_word_indices[@]}"; do
        if "${is_parsing_option_value}"; then
            # This word is an option value:
            # Reset marker for next word iff not currently the last word
            [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]] && is_parsing_option_value=false
            unset "unparsed_words[${word_index}]"
            # Do not process this word as a flag or an option
            continue
        fi

        local word="${unparsed_words["${word_index}"]}"
        if ! "${was_flag_option_terminator_seen}"; then
            case "${word}" in
            --)
                unset "unparsed_words[${word_index}]"
                # by itself -- is a flag/option terminator, but if it is the last word, it is the start of a completion
                if [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]]; then
                    was_flag_option_terminator_seen=true
                fi
                continue
                ;;
            -*)
                # ${word} is a flag or an option
                # If ${word} is an option, mark that the next word to be parsed is an option value
                local option
                for option in "${repeating_options[@]}" "${non_repeating_options[@]}"; do
                    [[ "${word}" = "${option}" ]] && is_parsing_option_value=true && break
                done

                # Remove ${word} from ${non_repeating_flags} or ${non_repeating_options} so it isn't offered again
                local not_found=true
                local -i index
                for index in "${!non_repeating_flags[@]}"; do
                    if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                        unset "non_repeating_flags[${index}]"
                        non_repeating_flags=("${non_repeating_flags[@]}")
                        not_found=false
                        break
                    fi
                done
                if "${not_found}"; then
                    for index in "${!non_repeating_flags[@]}"; do
                        if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                            unset "non_repeating_flags[${index}]"
                            non_repeating_flags=("${non_repeating_flags[@]}")
                            break
                        fi
                    done
                fi
                unset "unparsed_words[${word_index}]"
                continue
                ;;
            esac
        fi

        # ${word} is neither a flag, nor an option, nor an option value
        if [[ "${positional_number}" -lt "${positional_count}" || "${positional_count}" -lt 0 ]]; then
            # ${word} is a positional
            ((positional_number++))
            unset "unparsed_words[${word_index}]"
        else
            if [[ -z "${word}" ]]; then
                # Could be completing a flag, option, or subcommand
                positional_number=-1
            else
                # ${word} is a subcommand or invalid, so stop processing this (sub)command
                positional_number=-2
            fi
            break
        fi
    done

    unparsed_words=("${unparsed_words[@]}")

    if\
        ! "${was_flag_option_terminator_seen}"\
        && ! "${is_parsing_option_value}"\
        && [[ ("${cur}" = -* && "${positional_number}" -ge 0) || "${positional_number}" -eq -1 ]]
    then
        COMPREPLY+=($(compgen -W "${repeating_flags[*]} ${non_repeating_flags[*]} ${repeating_options[*]} ${non_repeating_options[*]}" -- "${cur}"))
    fi
}

__flowlint_add_completions() {
    local completion
    while IFS='' read -r completion; do
        COMPREPLY+=("${completion}")
    done < <(IFS=$'\n' compgen "${@}" -- "${cur}")
}

__flowlint_custom_complete() {
    if [[ -n "${cur}" || -z ${COMP_WORDS[${COMP_CWORD}]} || "${COMP_LINE:${COMP_POINT}:1}" != ' ' ]]; then
        local -ar words=("${COMP_WORDS[@]}")
    else
        local -ar words=("${COMP_WORDS[@]::${COMP_CWORD}}" '' "${COMP_WORDS[@]:${COMP_CWORD}}")
    fi

    "${COMP_WORDS[0]}" "${@}" "${words[@]}"
}

_flowlint() {
    local state
    state="$(shopt -p;shopt -po)"
    trap "${state//$'\n'/;}" RETURN
    shopt -s extglob
    set +o history +o posix

    local -xr SAP_SHELL=bash
    local -x SAP_SHELL_VERSION
    SAP_SHELL_VERSION="$(IFS='.';printf %s "${BASH_VERSINFO[*]}")"
    local -r SAP_SHELL_VERSION

    local -r cur="${2}"
    local -r prev="${3}"

    local -i positional_number
    local -a unparsed_words=("${COMP_WORDS[@]:1:${COMP_CWORD}}")

    local -a repeating_flags=()
    local -a non_repeating_flags=(--version -h --help)
    local -a repeating_options=()
    local -a non_repeating_options=()
    __flowlint_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    analyze|lint|watch|record|rules|baseline|config|follow|extract|annotate|script|show|states|flows|doctor|help)
        # Offer subcommand argument completions
        "_flowlint_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'analyze lint watch record rules baseline config follow extract annotate script show states flows doctor help' -- "${cur}"))
        ;;
    esac
}

_flowlint_analyze() {
    repeating_flags=()
    non_repeating_flags=(--join --quiet -q --frames --version -h --help)
    repeating_options=(--limit -o --output --select --ignore)
    non_repeating_options=(--filter -f -c --count --reader --workers --color --severity --sarif-profile --flow-metrics)
    __flowlint_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--filter'|'-f')
        return
        ;;
    '-c'|'--count')
        return
        ;;
    '--reader')
        __flowlint_add_completions -W 'auto'$'\n''libpcap'$'\n''record'
        return
        ;;
    '--limit')
        return
        ;;
    '--workers')
        return
        ;;
    '-o'|'--output')
        return
        ;;
    '--color')
        __flowlint_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--severity')
        __flowlint_add_completions -W 'info'$'\n''note'$'\n''warning'$'\n''error'
        return
        ;;
    '--sarif-profile')
        __flowlint_add_completions -W 'standard'$'\n''github'
        return
        ;;
    '--flow-metrics')
        __flowlint_add_completions -W 'basic'$'\n''full'
        return
        ;;
    '--select')
        return
        ;;
    '--ignore')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __flowlint_add_completions -f
        return
        ;;
    esac
}

_flowlint_lint() {
    repeating_flags=()
    non_repeating_flags=(--join --isolated --no-baseline --quiet -q --frames --exit-zero --statistics --show-files --version -h --help)
    repeating_options=(--limit --select --ignore -o --output)
    non_repeating_options=(--filter -f -c --count --reader --workers --config --fail-on --require-flows --baseline --color --severity --sarif-profile --flow-metrics)
    __flowlint_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--filter'|'-f')
        return
        ;;
    '-c'|'--count')
        return
        ;;
    '--reader')
        __flowlint_add_completions -W 'auto'$'\n''libpcap'$'\n''record'
        return
        ;;
    '--limit')
        return
        ;;
    '--workers')
        return
        ;;
    '--config')
        return
        ;;
    '--select')
        return
        ;;
    '--ignore')
        return
        ;;
    '--fail-on')
        __flowlint_add_completions -W 'info'$'\n''note'$'\n''warning'$'\n''error'
        return
        ;;
    '--require-flows')
        return
        ;;
    '--baseline')
        return
        ;;
    '-o'|'--output')
        return
        ;;
    '--color')
        __flowlint_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--severity')
        __flowlint_add_completions -W 'info'$'\n''note'$'\n''warning'$'\n''error'
        return
        ;;
    '--sarif-profile')
        __flowlint_add_completions -W 'standard'$'\n''github'
        return
        ;;
    '--flow-metrics')
        __flowlint_add_completions -W 'basic'$'\n''full'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __flowlint_add_completions -f
        return
        ;;
    esac
}

_flowlint_watch() {
    repeating_flags=()
    non_repeating_flags=(-D --list-interfaces -p --no-promiscuous --immediate --quiet -q --frames --version -h --help)
    repeating_options=(--interface -i -a --autostop -o --output --select --ignore --limit)
    non_repeating_options=(-r --read --follow --duration -c --count -s --snaplen -B --buffer -Q --direction -j --time-stamp-type -w --write --ring --save-on --before --after --color --severity --sarif-profile --flow-metrics --metrics)
    __flowlint_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--interface'|'-i')
        return
        ;;
    '-r'|'--read')
        return
        ;;
    '--follow')
        return
        ;;
    '--duration')
        return
        ;;
    '-c'|'--count')
        return
        ;;
    '-a'|'--autostop')
        return
        ;;
    '-s'|'--snaplen')
        return
        ;;
    '-B'|'--buffer')
        return
        ;;
    '-Q'|'--direction')
        __flowlint_add_completions -W 'both'$'\n''in'$'\n''out'
        return
        ;;
    '-j'|'--time-stamp-type')
        return
        ;;
    '-w'|'--write')
        return
        ;;
    '--ring')
        return
        ;;
    '--save-on')
        __flowlint_add_completions -W 'info'$'\n''note'$'\n''warning'$'\n''error'
        return
        ;;
    '--before')
        return
        ;;
    '--after')
        return
        ;;
    '-o'|'--output')
        return
        ;;
    '--color')
        __flowlint_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--severity')
        __flowlint_add_completions -W 'info'$'\n''note'$'\n''warning'$'\n''error'
        return
        ;;
    '--sarif-profile')
        __flowlint_add_completions -W 'standard'$'\n''github'
        return
        ;;
    '--flow-metrics')
        __flowlint_add_completions -W 'basic'$'\n''full'
        return
        ;;
    '--metrics')
        return
        ;;
    '--select')
        return
        ;;
    '--ignore')
        return
        ;;
    '--limit')
        return
        ;;
    esac
}

_flowlint_record() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --keep-privileges --isolated --no-baseline --version -h --help)
    repeating_options=(--output --select --ignore)
    non_repeating_options=(--interface -i -o --write --filter -f --grace --color --config --fail-on --require-flows --baseline)
    __flowlint_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--interface'|'-i')
        return
        ;;
    '-o'|'--write')
        return
        ;;
    '--filter'|'-f')
        return
        ;;
    '--grace')
        return
        ;;
    '--output')
        return
        ;;
    '--color')
        __flowlint_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--config')
        return
        ;;
    '--select')
        return
        ;;
    '--ignore')
        return
        ;;
    '--fail-on')
        __flowlint_add_completions -W 'info'$'\n''note'$'\n''warning'$'\n''error'
        return
        ;;
    '--require-flows')
        return
        ;;
    '--baseline')
        return
        ;;
    esac
}

_flowlint_rules() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=(--pcap --example --color)
    __flowlint_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--pcap')
        __flowlint_add_completions -f
        return
        ;;
    '--example')
        return
        ;;
    '--color')
        __flowlint_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __flowlint_add_completions -W 'HSK101'$'\n''HSK102'$'\n''HSK103'$'\n''HSK104'$'\n''HSK105'$'\n''HSK106'$'\n''HSK107'$'\n''HSK108'$'\n''HSK109'$'\n''HSK110'$'\n''HSK111'$'\n''HSK112'$'\n''HSK113'$'\n''HSK114'$'\n''HSK115'$'\n''HSK116'$'\n''SEQ201'$'\n''SEQ202'$'\n''SEQ203'$'\n''SEQ204'$'\n''SEQ205'$'\n''SEQ206'$'\n''SEQ207'$'\n''SEQ208'$'\n''SEQ209'$'\n''SEQ210'$'\n''SEQ211'$'\n''SEQ212'$'\n''SEQ213'$'\n''SEQ214'$'\n''SEQ215'$'\n''ACK301'$'\n''ACK302'$'\n''ACK303'$'\n''ACK304'$'\n''ACK305'$'\n''ACK306'$'\n''ACK307'$'\n''ACK308'$'\n''ACK309'$'\n''WND401'$'\n''WND402'$'\n''WND403'$'\n''WND404'$'\n''WND405'$'\n''WND406'$'\n''WND407'$'\n''WND408'$'\n''WND409'$'\n''WND410'$'\n''CLS501'$'\n''CLS502'$'\n''CLS503'$'\n''CLS504'$'\n''CLS505'$'\n''CLS506'$'\n''CLS507'$'\n''CLS508'$'\n''RST601'$'\n''RST602'$'\n''RST603'$'\n''RST604'$'\n''RST605'$'\n''RST606'$'\n''RST607'$'\n''RST608'$'\n''RST609'$'\n''TWR701'$'\n''TWR702'$'\n''TWR703'$'\n''TWR704'$'\n''TWR705'$'\n''TWR706'$'\n''TWR707'$'\n''TWR708'$'\n''TWR709'$'\n''OPT801'$'\n''OPT802'$'\n''OPT803'$'\n''OPT804'$'\n''OPT805'$'\n''OPT806'$'\n''OPT808'$'\n''OPT809'$'\n''OPT810'$'\n''SEC901'$'\n''SEC902'$'\n''SEC903'$'\n''SEC904'$'\n''SEC908'$'\n''PTH101'$'\n''PTH105'$'\n''PTH109'$'\n''PRF104'$'\n''PRF110'$'\n''PRF112'$'\n''PRF113'$'\n''CAP101'$'\n''CAP102'$'\n''CAP103'$'\n''CAP104'$'\n''CAP105'$'\n''CAP106'$'\n''CAP107'$'\n''CAP108'$'\n''CAP109'$'\n''CAP110'$'\n''CAP111'$'\n''CAP112'$'\n''CAP113'$'\n''CAP114'$'\n''CAP115'$'\n''CAP116'$'\n''CAP117'$'\n''CAP118'$'\n''CAP119'$'\n''CAP120'$'\n''LNT101'$'\n''LNT102'$'\n''LNT201'$'\n''LNT202'$'\n''LNT203'
        return
        ;;
    esac
}

_flowlint_baseline() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __flowlint_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    create|check|prune)
        # Offer subcommand argument completions
        "_flowlint_baseline_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'create check prune' -- "${cur}"))
        ;;
    esac
}

_flowlint_baseline_create() {
    repeating_flags=()
    non_repeating_flags=(--join --isolated --no-baseline --force --version -h --help)
    repeating_options=(--limit --select --ignore)
    non_repeating_options=(--filter -f -c --count --reader --config --fail-on --require-flows --baseline)
    __flowlint_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--filter'|'-f')
        return
        ;;
    '-c'|'--count')
        return
        ;;
    '--reader')
        __flowlint_add_completions -W 'auto'$'\n''libpcap'$'\n''record'
        return
        ;;
    '--limit')
        return
        ;;
    '--config')
        return
        ;;
    '--select')
        return
        ;;
    '--ignore')
        return
        ;;
    '--fail-on')
        __flowlint_add_completions -W 'info'$'\n''note'$'\n''warning'$'\n''error'
        return
        ;;
    '--require-flows')
        return
        ;;
    '--baseline')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __flowlint_add_completions -f
        return
        ;;
    esac
}

_flowlint_baseline_check() {
    repeating_flags=()
    non_repeating_flags=(--join --isolated --no-baseline --quiet -q --frames --version -h --help)
    repeating_options=(--limit --select --ignore -o --output)
    non_repeating_options=(--filter -f -c --count --reader --config --fail-on --require-flows --baseline --color --severity --sarif-profile --flow-metrics)
    __flowlint_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--filter'|'-f')
        return
        ;;
    '-c'|'--count')
        return
        ;;
    '--reader')
        __flowlint_add_completions -W 'auto'$'\n''libpcap'$'\n''record'
        return
        ;;
    '--limit')
        return
        ;;
    '--config')
        return
        ;;
    '--select')
        return
        ;;
    '--ignore')
        return
        ;;
    '--fail-on')
        __flowlint_add_completions -W 'info'$'\n''note'$'\n''warning'$'\n''error'
        return
        ;;
    '--require-flows')
        return
        ;;
    '--baseline')
        return
        ;;
    '-o'|'--output')
        return
        ;;
    '--color')
        __flowlint_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--severity')
        __flowlint_add_completions -W 'info'$'\n''note'$'\n''warning'$'\n''error'
        return
        ;;
    '--sarif-profile')
        __flowlint_add_completions -W 'standard'$'\n''github'
        return
        ;;
    '--flow-metrics')
        __flowlint_add_completions -W 'basic'$'\n''full'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __flowlint_add_completions -f
        return
        ;;
    esac
}

_flowlint_baseline_prune() {
    repeating_flags=()
    non_repeating_flags=(--join --isolated --no-baseline --version -h --help)
    repeating_options=(--limit --select --ignore)
    non_repeating_options=(--filter -f -c --count --reader --config --fail-on --require-flows --baseline)
    __flowlint_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--filter'|'-f')
        return
        ;;
    '-c'|'--count')
        return
        ;;
    '--reader')
        __flowlint_add_completions -W 'auto'$'\n''libpcap'$'\n''record'
        return
        ;;
    '--limit')
        return
        ;;
    '--config')
        return
        ;;
    '--select')
        return
        ;;
    '--ignore')
        return
        ;;
    '--fail-on')
        __flowlint_add_completions -W 'info'$'\n''note'$'\n''warning'$'\n''error'
        return
        ;;
    '--require-flows')
        return
        ;;
    '--baseline')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __flowlint_add_completions -f
        return
        ;;
    esac
}

_flowlint_config() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __flowlint_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    show|check|schema)
        # Offer subcommand argument completions
        "_flowlint_config_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'show check schema' -- "${cur}"))
        ;;
    esac
}

_flowlint_config_show() {
    repeating_flags=()
    non_repeating_flags=(--isolated --no-baseline --origin --version -h --help)
    repeating_options=(--select --ignore)
    non_repeating_options=(--config --fail-on --require-flows --baseline)
    __flowlint_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--config')
        return
        ;;
    '--select')
        return
        ;;
    '--ignore')
        return
        ;;
    '--fail-on')
        __flowlint_add_completions -W 'info'$'\n''note'$'\n''warning'$'\n''error'
        return
        ;;
    '--require-flows')
        return
        ;;
    '--baseline')
        return
        ;;
    esac
}

_flowlint_config_check() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __flowlint_offer_flags_options -1
}

_flowlint_config_schema() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __flowlint_offer_flags_options 0
}

_flowlint_follow() {
    repeating_flags=()
    non_repeating_flags=(--join --bad-checksums --version -h --help)
    repeating_options=(--limit)
    non_repeating_options=(--filter -f -c --count --reader --overlap --direction --format --color)
    __flowlint_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--filter'|'-f')
        return
        ;;
    '-c'|'--count')
        return
        ;;
    '--reader')
        __flowlint_add_completions -W 'auto'$'\n''libpcap'$'\n''record'
        return
        ;;
    '--limit')
        return
        ;;
    '--overlap')
        __flowlint_add_completions -W 'first'$'\n''last'$'\n''linux'$'\n''windows'$'\n''bsd'
        return
        ;;
    '--direction')
        __flowlint_add_completions -W 'both'$'\n''originator'$'\n''responder'
        return
        ;;
    '--format')
        __flowlint_add_completions -W 'text'$'\n''hex'$'\n''raw'
        return
        ;;
    '--color')
        __flowlint_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __flowlint_add_completions -f
        return
        ;;
    esac
}

_flowlint_extract() {
    repeating_flags=()
    non_repeating_flags=(--join --bad-checksums --force --version -h --help)
    repeating_options=(--limit)
    non_repeating_options=(--filter -f -c --count --reader --overlap --direction -d --directory --names)
    __flowlint_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--filter'|'-f')
        return
        ;;
    '-c'|'--count')
        return
        ;;
    '--reader')
        __flowlint_add_completions -W 'auto'$'\n''libpcap'$'\n''record'
        return
        ;;
    '--limit')
        return
        ;;
    '--overlap')
        __flowlint_add_completions -W 'first'$'\n''last'$'\n''linux'$'\n''windows'$'\n''bsd'
        return
        ;;
    '--direction')
        __flowlint_add_completions -W 'both'$'\n''originator'$'\n''responder'
        return
        ;;
    '-d'|'--directory')
        __flowlint_add_completions -d
        return
        ;;
    '--names')
        __flowlint_add_completions -W 'ends'$'\n''community-id'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __flowlint_add_completions -f
        return
        ;;
    esac
}

_flowlint_annotate() {
    repeating_flags=()
    non_repeating_flags=(--findings-only --version -h --help)
    repeating_options=(--select --ignore)
    non_repeating_options=(--output -o --flow --around --severity)
    __flowlint_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--output'|'-o')
        __flowlint_add_completions -o plusdirs -fX '!*.@(pcapng)'
        return
        ;;
    '--flow')
        return
        ;;
    '--around')
        return
        ;;
    '--severity')
        __flowlint_add_completions -W 'info'$'\n''note'$'\n''warning'$'\n''error'
        return
        ;;
    '--select')
        return
        ;;
    '--ignore')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __flowlint_add_completions -f
        return
        ;;
    esac
}

_flowlint_script() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=(--output -o)
    __flowlint_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '--output'|'-o')
        __flowlint_add_completions -f
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __flowlint_add_completions -f
        return
        ;;
    esac
}

_flowlint_show() {
    repeating_flags=()
    non_repeating_flags=(--join --all --version -h --help)
    repeating_options=(--limit)
    non_repeating_options=(--filter -f -c --count --reader --graph --severity --color)
    __flowlint_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--filter'|'-f')
        return
        ;;
    '-c'|'--count')
        return
        ;;
    '--reader')
        __flowlint_add_completions -W 'auto'$'\n''libpcap'$'\n''record'
        return
        ;;
    '--limit')
        return
        ;;
    '--graph')
        return
        ;;
    '--severity')
        __flowlint_add_completions -W 'info'$'\n''note'$'\n''warning'$'\n''error'
        return
        ;;
    '--color')
        __flowlint_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __flowlint_add_completions -f
        return
        ;;
    esac
}

_flowlint_states() {
    repeating_flags=()
    non_repeating_flags=(--join --version -h --help)
    repeating_options=(--limit --at)
    non_repeating_options=(--filter -f -c --count --reader --time-wait --output -o --color)
    __flowlint_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--filter'|'-f')
        return
        ;;
    '-c'|'--count')
        return
        ;;
    '--reader')
        __flowlint_add_completions -W 'auto'$'\n''libpcap'$'\n''record'
        return
        ;;
    '--limit')
        return
        ;;
    '--at')
        return
        ;;
    '--time-wait')
        return
        ;;
    '--output'|'-o')
        __flowlint_add_completions -W 'text'$'\n''csv'
        return
        ;;
    '--color')
        __flowlint_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __flowlint_add_completions -f
        return
        ;;
    esac
}

_flowlint_flows() {
    repeating_flags=()
    non_repeating_flags=(--join --version -h --help)
    repeating_options=(--limit)
    non_repeating_options=(--filter -f -c --count --reader --where --sort --columns --head --output -o --color)
    __flowlint_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--filter'|'-f')
        return
        ;;
    '-c'|'--count')
        return
        ;;
    '--reader')
        __flowlint_add_completions -W 'auto'$'\n''libpcap'$'\n''record'
        return
        ;;
    '--limit')
        return
        ;;
    '--where')
        return
        ;;
    '--sort')
        return
        ;;
    '--columns')
        return
        ;;
    '--head')
        return
        ;;
    '--output'|'-o')
        __flowlint_add_completions -W 'text'$'\n''csv'$'\n''jsonl'$'\n''zeek'
        return
        ;;
    '--color')
        __flowlint_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __flowlint_add_completions -f
        return
        ;;
    esac
}

_flowlint_doctor() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __flowlint_offer_flags_options 0
}

_flowlint_help() {
    repeating_flags=()
    non_repeating_flags=(--version)
    repeating_options=()
    non_repeating_options=()
    __flowlint_offer_flags_options -1
}

complete -o filenames -F _flowlint flowlint
