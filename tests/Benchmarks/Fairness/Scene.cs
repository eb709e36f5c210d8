using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;

namespace Benchmarks.Fairness;

/// <summary>The server program with two people who have calendars.</summary>
internal sealed class Scene : IAsyncDisposable
{
    public const string Victim = "vera";
    public const string Attacker = "abel";
    public const string Password = "secret";
    private const int Events = 300;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fair-");
    private Process? _server;

    private Scene()
    {
    }

    public Uri Url { get; private set; } = null!;

    public static async Task<Scene> StartAsync()
    {
        var scene = new Scene();
        var users = Path.Combine(scene._folder.FullName, "users.csv");
        await File.WriteAllTextAsync(users, $"login,name,email,role,practice,app_password,id\n{Victim},Vera,,user,,{Password},{Victim}\n{Attacker},Abel,,user,,{Password},{Attacker}\n");
        using (var import = scene.Start("import-users", users)) await import.WaitForExitAsync();
        scene._server = scene.Start("serve", "--no-demo", "--urls", "http://127.0.0.1:0");
        while (await scene._server.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("CalendarSync serves ", StringComparison.Ordinal))
            {
                scene.Url = new Uri(line.Split(' ')[2]);
                break;
            }
        }

        await scene.FillAsync();
        return scene;
    }

    public static string Event(int n, string rule, int more = 0) =>
        $"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//fair//EN\r\nBEGIN:VEVENT\r\nUID:{n}\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260105T{n % 24:00}0000Z\r\nDURATION:PT1H\r\n{rule}SUMMARY:Event {n}\r\n"
        + (more > 0 ? $"X-NOTE:{new string('x', more)}\r\n" : "") + "END:VEVENT\r\nEND:VCALENDAR\r\n";

    public async ValueTask DisposeAsync()
    {
        if (_server is { } server)
        {
            server.Kill();
            await server.WaitForExitAsync();
            server.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    private async Task FillAsync()
    {
        foreach (var login in new[] { Victim, Attacker })
        {
            using var http = new HttpClient { BaseAddress = Url };
            http.DefaultRequestHeaders.Authorization = AuthenticationHeaderValue.Parse(FairnessRun.Login(login, Password));
            var home = $"/dav/calendars/{login}/";
            using (var made = await http.SendAsync(new HttpRequestMessage(new HttpMethod("MKCALENDAR"), home + "work/"))) made.EnsureSuccessStatusCode();
            for (var n = 0; n < Events; n++) await PutAsync(http, $"{home}work/{n}.ics", Event(n, n % 10 == 0 ? "RRULE:FREQ=DAILY\r\n" : ""));
            if (login != Attacker) continue;
            using (var made = await http.SendAsync(new HttpRequestMessage(new HttpMethod("MKCALENDAR"), home + "large/"))) made.EnsureSuccessStatusCode();
            for (var n = 0; n < 12; n++) await PutAsync(http, $"{home}large/{n}.ics", Event(n, "", more: 400_000));
        }
    }

    private static async Task PutAsync(HttpClient http, string path, string calendar)
    {
        using var answer = await http.PutAsync(path, new StringContent(calendar, Encoding.UTF8, "text/calendar"));
        answer.EnsureSuccessStatusCode();
    }

    private Process Start(string command, params string[] more)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "CalDavServer.dll");
        return Process.Start(new ProcessStartInfo("dotnet", [program, command, .. more, "--data", Path.Combine(_folder.FullName, "data")]) { RedirectStandardOutput = true })!;
    }
}
