using CalDavServer.Access;
using Calendaring.Store;
using Calendaring.Store.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NodaTime;
using Practice;

namespace Benchmarks.Bare;

/// <summary>
/// What Kestrel alone can do: the same answers, behind the same authentication, without any of the work. <c>bare ORIGIN URL LOGIN PASSWORD</c> serves on URL what
/// the server at ORIGIN answers; each request is asked there once.
/// </summary>
internal static class BareServer
{
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not [var origin, var url, var login, var password])
        {
            await Console.Error.WriteLineAsync("usage: bare ORIGIN URL LOGIN PASSWORD");
            return 2;
        }

        var folder = Directory.CreateTempSubdirectory("bare-");
        try
        {
            var clock = SystemClock.Instance;
            await using var store = await SqliteStore.OpenAsync(Path.Combine(folder.FullName, "bare.db"), clock);
            await AddUserAsync(store, clock, login, password);
            using var answers = new RecordedAnswers(new Uri(origin));
            await using var app = Build(store, clock, answers, url);
            await app.StartAsync();
            Console.WriteLine($"listening on {app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()}");
            await app.WaitForShutdownAsync();
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static WebApplication Build(SqliteStore store, SystemClock clock, RecordedAnswers answers, string url)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel(kestrel => kestrel.AddServerHeader = false).UseUrls(url);
        builder.Services.AddSingleton<ICalendarStore>(store).AddSingleton<IClock>(clock).AddAccess(static (_, _) => default);
        var app = builder.Build();
        app.UseAccess();
        app.Run(answers.AnswerAsync);
        return app;
    }

    private static async Task AddUserAsync(SqliteStore store, SystemClock clock, string login, string password)
    {
        var principal = new Principal("bare", login, login, null, (int)PrincipalRole.User, null);
        var credential = AppPassword.ForChosen(password, principal.Id, "benchmark", readOnly: false, PrivacyLevel.FullName, clock.GetCurrentInstant());
        var outcome = await store.ApplyAsync(StoreBatch.Of(new CreatePrincipal(principal), new PutCredential(credential)));
        if (outcome.Failure is not null) throw new InvalidOperationException($"The user could not be made: {outcome.Failure}");
    }
}
