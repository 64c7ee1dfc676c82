# Completion of primorye in fish: primorye --completion fish | source
complete -c primorye -a '(primorye --complete (commandline -cp) 2>/dev/null)'
