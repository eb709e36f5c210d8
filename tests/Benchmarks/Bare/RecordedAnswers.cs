using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Benchmarks.Bare;

/// <summary>Answers from memory what another server answered to the same method, path and body; writes always go there.</summary>
internal sealed class RecordedAnswers(Uri origin) : IDisposable
{
    private static readonly HashSet<string> Forwarded = new(StringComparer.OrdinalIgnoreCase) { "Authorization", "Content-Type", "Depth", "If-Match", "If-None-Match" };
    private static readonly HashSet<string> Connection = new(StringComparer.OrdinalIgnoreCase) { "Date", "Content-Length", "Transfer-Encoding", "Connection" };
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = origin };
    private readonly ConcurrentDictionary<Question, Answer> _answers = new();

    private readonly record struct Question(string Method, string Path, int Length, int Hash);

    private sealed record Answer(int Status, KeyValuePair<string, string>[] Headers, byte[] Body);

    public void Dispose() => _client.Dispose();

    public async Task AnswerAsync(HttpContext context)
    {
        var path = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var body = await ReadBodyAsync(context.Request);
        var hash = new HashCode();
        hash.AddBytes(body);
        var question = new Question(context.Request.Method, path, body.Length, hash.ToHashCode());
        if (!_answers.TryGetValue(question, out var answer))
        {
            answer = await AskAsync(context.Request, path, body);
            if (question.Method is "GET" or "PROPFIND" or "REPORT") _answers[question] = answer;
        }

        var response = context.Response;
        response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers) response.Headers[name] = value;
        response.ContentLength = answer.Body.Length;
        await response.BodyWriter.WriteAsync(answer.Body, context.RequestAborted);
    }

    private static async Task<byte[]> ReadBodyAsync(HttpRequest request)
    {
        if (request.ContentLength is null or 0) return [];
        var body = new byte[request.ContentLength.Value];
        await request.Body.ReadExactlyAsync(body);
        return body;
    }

    private async Task<Answer> AskAsync(HttpRequest request, string path, byte[] body)
    {
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), path);
        if (body.Length > 0) message.Content = new ByteArrayContent(body);
        foreach (var (name, value) in request.Headers)
        {
            if (Forwarded.Contains(name) && !message.Headers.TryAddWithoutValidation(name, value.ToString())) message.Content?.Headers.TryAddWithoutValidation(name, value.ToString());
        }

        using var response = await _client.SendAsync(message);
        var headers = from header in response.Headers.Concat(response.Content.Headers)
                      where !Connection.Contains(header.Key)
                      select KeyValuePair.Create(header.Key, string.Join(", ", header.Value));
        return new Answer((int)response.StatusCode, [.. headers], await response.Content.ReadAsByteArrayAsync());
    }
}
