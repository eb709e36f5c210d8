using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using NodaTime;
using Practice.Diaries;

namespace Sandbox.Tests.Halaxy;

/// <summary>What tests of odd answers and of bookings that go wrong have in common.</summary>
public abstract class OddAnswerTest
{
    private protected static readonly LocalDateTime Nine = new(2026, 1, 12, 9, 0);

    private protected static Task<string> AddAsync(MirrorScene scene) => scene.Diary.AddPersonalAsync(new PersonalEntry("Zora rang", Nine, Duration.FromMinutes(50)) { Comments = "Bring the letter" });

    private protected static async Task<string> OtherRoleAsync(MirrorScene scene)
    {
        var clinic = await scene.Halaxy.IdAsync("clinic", new JsonObject { ["name"] = "Second Street" });
        return await scene.Halaxy.IdAsync("role", new JsonObject { ["practitioner"] = scene.Halaxy.Practitioner, ["clinic"] = clinic });
    }

    private protected static HttpResponseMessage Reply(int status, string body) => new((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/fhir+json") };

    private protected static bool Asks(HttpRequestMessage request, string method, string path) => request.Method.Method == method && request.RequestUri!.PathAndQuery.Contains(path, StringComparison.Ordinal);
}
