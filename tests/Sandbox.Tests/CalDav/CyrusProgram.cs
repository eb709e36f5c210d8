using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Sandbox.Tests.CalDav;

/// <summary>
/// Cyrus with one account. It begins as root and goes on as the user <c>cyrus</c>; passwords are in a sasldb of its own, and a home comes with a mailbox, which is made over IMAP.
/// </summary>
internal static class CyrusProgram
{
    public const string Account = "alice";
    public const string Password = "abcd-efgh-ijkl-mnop";
    private const string Master = "/usr/sbin/cyrmaster";

    public static bool IsInstalled => File.Exists(Master) && File.Exists("/usr/lib/cyrus/bin/httpd") && File.Exists("/usr/sbin/saslpasswd2");

    /// <summary>Makes the folder that it starts from.</summary>
    /// <param name="folder">An empty folder.</param>
    /// <param name="port">Its port for CalDAV.</param>
    /// <param name="imap">Its port for IMAP.</param>
    /// <returns>What starts it.</returns>
    public static string[] Prepare(string folder, int port, int imap)
    {
        foreach (var name in new[] { "config", "mail", "run", "proc", "lock", "sieve" }) Directory.CreateDirectory(Path.Combine(folder, name));
        var (settings, services) = (Path.Combine(folder, "imapd.conf"), Path.Combine(folder, "cyrus.conf"));
        File.WriteAllText(settings, Settings(folder));
        File.WriteAllText(services, Services(settings, port, imap));
        foreach (var user in new[] { "cyrus", Account }) Run(Password, "/usr/sbin/saslpasswd2", "-p", "-c", "-f", Path.Combine(folder, "sasldb2"), "-u", "localhost", user);
        Run("", "chown", "-R", "cyrus", folder);
        return [Master, "-C", settings, "-M", services, "-p", Path.Combine(folder, "run", "master.pid")];
    }

    /// <summary>Makes the account's mailbox, and with it its calendar home set.</summary>
    public static async Task MakeHomeAsync(int imap)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", imap);
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        await using var writer = new StreamWriter(client.GetStream(), Encoding.ASCII) { NewLine = "\r\n", AutoFlush = true };
        foreach (var (tag, command) in new[] { ("a", $"LOGIN cyrus {Password}"), ("b", $"CREATE user/{Account}"), ("c", "LOGOUT") })
        {
            await writer.WriteLineAsync($"{tag} {command}");
            string? line;
            while ((line = await reader.ReadLineAsync()) is not null && !line.StartsWith($"{tag} ", StringComparison.Ordinal))
            {
                // what comes before the answer to the command is not for us
            }

            Assert.True(line?.StartsWith($"{tag} OK", StringComparison.Ordinal) == true, $"Cyrus answered {command.Split(' ')[0]} with: {line}");
        }
    }

    private static string Settings(string folder) => $"""
        configdirectory: {folder}/config
        partition-default: {folder}/mail
        defaultpartition: default
        proc_path: {folder}/proc
        mboxname_lockpath: {folder}/lock
        sievedir: {folder}/sieve
        idlesocket: {folder}/run/idle
        notifysocket: {folder}/run/notify
        lmtpsocket: {folder}/run/lmtp
        servername: localhost
        admins: cyrus
        unixhierarchysep: yes
        allowplaintext: yes
        sasl_pwcheck_method: auxprop
        sasl_auxprop_plugin: sasldb
        sasl_sasldb_path: {folder}/sasldb2
        sasl_mech_list: PLAIN
        httpmodules: caldav

        """;

    private static string Services(string settings, int port, int imap) => $$"""
        START {
          recover cmd="/usr/sbin/cyrus ctl_cyrusdb -C {{settings}} -r"
        }
        SERVICES {
          imap cmd="imapd -C {{settings}} -U 30" listen="127.0.0.1:{{imap}}" prefork=0 maxchild=10
          http cmd="httpd -C {{settings}}" listen="127.0.0.1:{{port}}" prefork=1 maxchild=20
        }
        EVENTS {
          checkpoint cmd="/usr/sbin/cyrus ctl_cyrusdb -C {{settings}} -c" period=30
        }

        """;

    private static void Run(string input, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true }) ?? throw new InvalidOperationException($"{program} did not start.");
        if (input.Length > 0) process.StandardInput.WriteLine(input);
        process.StandardInput.Close();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}");
    }
}
